//! What breaks without each of the laws around the rule: a counter-example for each, as short as can be.

use std::fmt::Write as _;

use merge::{Evidence, Knowledge};
use store::{ReplicaId, Version};

use super::replica::{Item, Replica, Tick};
use super::{ALL, Laws};

const KEY: usize = 0;

/// The rule of these worlds, in which all know of all. It is not the attendee's: where a law is missing, two rules that
/// are both safe with it may go different ways.
fn said_so(version: Version, evidence: &Evidence) -> bool {
    evidence.members.difference(&evidence.left_behind).all(|member| {
        let report = evidence.reports.get(member);
        report.is_some_and(|report| {
            report.contains(version) && evidence.ours.get(*member) >= report.get(*member)
        })
    })
}

/// Replicas 1, 2 and 3, which have met.
fn three() -> [Replica; 3] {
    let mut all = [1, 2, 3].map(|id| Replica::new(ReplicaId(id)));
    for replica in &mut all {
        (1..=3)
            .map(ReplicaId)
            .filter(|id| *id != replica.id)
            .collect::<Vec<_>>()
            .into_iter()
            .for_each(|id| replica.meet(id));
    }
    all
}

/// A whole pass of the first with the second; then the first has a report of it.
fn pass(a: &mut Replica, b: &mut Replica, laws: Laws, settle: Tick) {
    let begun: [Knowledge; 2] = [a.knowledge(), b.knowledge()];
    let items = [a.items.get(&KEY).copied(), b.items.get(&KEY).copied()];
    a.meet(b.id);
    b.meet(a.id);
    for (to, item) in [(&mut *b, items[0]), (&mut *a, items[1])] {
        let _ = item.map(|item| to.apply(KEY, item));
    }
    a.adopt(&begun[1], laws.knowledge_moves_the_clock);
    b.adopt(&begun[0], laws.knowledge_moves_the_clock);
    a.report(b.id, begun[1].clone(), 0, settle);
}

fn holds(replicas: &[Replica]) -> String {
    let words = replicas.iter().map(|replica| {
        let item = replica.items.get(&KEY).map_or("nothing".into(), Item::to_string);
        format!("replica {} {item}", replica.id)
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Replica 2 holds 2@3 and sends it to replica 1, but it is held up on the way. Then the key is deleted at
/// replica 2, replica 3 is left behind, the other two forget the tombstone, and 2@3 arrives.
fn held_up(laws: Laws, in_a_stream: bool) -> String {
    let mut all = three();
    all[1].write(KEY, false);
    let first = all[1].items[&KEY];
    all[2].apply(KEY, first).unwrap();
    all[2].write(KEY, false);
    let held_up = all[2].items[&KEY];
    all[1].apply(KEY, held_up).unwrap();
    all[1].write(KEY, true);
    let [one, two, _] = &mut all;
    // A session ends after one tick, and what was sent in it arrives no more. A stream takes its time.
    let settle = Tick::from(laws.reports_settle && !in_a_stream);
    pass(one, two, laws, settle);
    pass(one, two, laws, settle);
    two.report(one.id, one.knowledge(), 0, settle);
    for replica in [&mut *one, &mut *two] {
        replica.left_behind.insert(ReplicaId(3));
        replica.collect(0, settle, said_so);
    }
    if !in_a_stream || !laws.passes_over_known_changes || !one.knowledge().contains(first.version) {
        let _ = one.apply(KEY, held_up);
    }
    [&mut *one, &mut *two].into_iter().for_each(|replica| drop(replica.collect(1, settle, said_so)));
    pass(two, one, laws, settle);
    holds(&all[..2])
}

/// Replica 1 has forgotten a tombstone, replica 2 not yet, and replica 3 joins.
fn joins(laws: Laws) -> String {
    let mut all = [1, 2, 3].map(|id| Replica::new(ReplicaId(id)));
    let [one, two, three] = &mut all;
    (0..4).for_each(|_| one.write(KEY, false));
    one.write(KEY, true);
    pass(one, two, laws, 0);
    pass(one, two, laws, 0);
    one.collect(0, 0, said_so);
    if laws.meets_before_it_writes {
        pass(three, one, laws, 0);
        three.write(KEY, false);
    } else {
        three.write(KEY, false);
        pass(three, one, laws, 0);
    }
    pass(one, three, laws, 0);
    // Replica 2 takes in what replica 3 wrote, hears from both, and forgets the tombstone in its turn.
    let written = three.items[&KEY];
    two.apply(KEY, written).unwrap();
    for other in [one, three] {
        let known = other.knowledge();
        two.meet(other.id);
        two.adopt(&known, laws.knowledge_moves_the_clock);
        two.report(other.id, known, 1, 0);
    }
    two.collect(1, 0, said_so);
    two.items.get(&KEY).copied().into_iter().for_each(|item| all[0].apply(KEY, item).unwrap());
    // Whatever is sent again changes nothing any more.
    let _ = all[1].apply(KEY, written);
    holds(&all)
}

#[test]
fn ex_4_5_what_the_rule_stands_on() {
    check::promise("The rule is safe because of four laws around it; without any of them it is not.");
    let mut table = String::new();
    let mut tell = |law: &str, story: &str, with: String, without: String, so: &str| {
        writeln!(table, "{law}\n{story}\n  with it:    {with}\n  without it: {without}: {so}\n").unwrap();
    };
    let back = "2@3 was deleted, and is back";
    let differ = "they never agree";
    let without = Laws { passes_over_known_changes: false, ..ALL };
    tell(
        "A stream passes over changes that are known (chapter 05).",
        "  Replica 2 sends replica 1 what it holds, 2@3, in a stream that is held up. Meanwhile replica 2 deletes the\n  \
         key, the two compare all keys, and both forget the tombstone. Then 2@3 arrives.",
        held_up(ALL, true),
        held_up(without, true),
        back,
    );
    let without = Laws { reports_settle: false, ..ALL };
    tell(
        "A report waits until it has settled (this chapter; 05 and 06 bring the reports).",
        "  The same, but 2@3 is on its way in a session, and is not passed over. A session ends before a report settles,\n  \
         so with the law 2@3 still meets the tombstone.",
        held_up(ALL, false),
        held_up(without, false),
        back,
    );
    let without = Laws { knowledge_moves_the_clock: false, ..ALL };
    tell(
        "What is adopted moves the clock (this chapter: `adopt`).",
        "  The key was deleted with 5@1, which replica 1 has forgotten and replica 2 has not. Replica 3 joins, adopts\n  \
         what replica 1 knows, and writes the key.",
        joins(ALL),
        joins(without),
        differ,
    );
    let without = Laws { meets_before_it_writes: false, ..ALL };
    tell(
        "Who joins meets somebody before it writes (chapter 03: `join`).",
        "  The same, but replica 3 writes first, and meets replica 1 then.",
        joins(ALL),
        joins(without),
        differ,
    );
    check::snapshot!("laws", table);
}
