//! 4.5: may this tombstone be forgotten?

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use engine::MemoryDisk;
use merge::{Evidence, Options, may_collect};
use store::{Key, ReplicaId};

use crate::support::{Node, key, knowledge, logs, object, version};

fn replicas(ids: &[u64]) -> BTreeSet<ReplicaId> {
    ids.iter().copied().map(ReplicaId).collect()
}

/// Replica 1 asks; each report is a replica and what it said.
fn evidence(ours: &str, members: &[u64], reports: &[(u64, &str)]) -> Evidence {
    Evidence {
        me: ReplicaId(1),
        ours: knowledge(ours),
        reports: reports.iter().map(|(replica, known)| (ReplicaId(*replica), knowledge(known))).collect(),
        members: replicas(members),
        left_behind: BTreeSet::new(),
    }
}

/// All that the rule is given, so that a verdict can be worked out from the table.
fn words(evidence: &Evidence) -> String {
    let Evidence { ours, reports, members, left_behind, .. } = evidence;
    let list =
        |ids: &BTreeSet<ReplicaId>| ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ");
    let mut words = format!("members {}; 1 knows {ours}", list(members));
    for (replica, report) in reports {
        write!(words, "; {replica} said {report}").unwrap();
    }
    if !left_behind.is_empty() {
        write!(words, "; left behind: {}", list(left_behind)).unwrap();
    }
    words
}

#[test]
fn ex_4_5_a_tombstone_goes_when_nothing_can_come_back() {
    check::promise("A tombstone goes when everybody had it, and all that they wrote before has come here.");
    let left = |ids: &[u64], evidence: Evidence| Evidence { left_behind: replicas(ids), ..evidence };
    let mut table = String::from("may replica 1 forget the tombstone?\n\n");
    let mut ask = |tombstone: &str, story: &str, evidence: Evidence| {
        let waits: Vec<_> = evidence.waits_for().iter().map(ToString::to_string).collect();
        let waits = if waits.is_empty() { "nobody".into() } else { waits.join(" and ") };
        let verdict = if may_collect(version(tombstone), &evidence) { "yes" } else { "no" };
        writeln!(table, "{tombstone:7}  {verdict:4} {story} Waits for {waits}.").unwrap();
        writeln!(table, "               {}", words(&evidence)).unwrap();
    };
    for (story, evidence) in [
        ("It is alone.", evidence("5@1", &[1], &[])),
        (
            "Both others had it, and all they wrote is here.",
            evidence("9@1,7@2,6@3", &[1, 2, 3], &[(2, "5@1,7@2"), (3, "8@1,6@3")]),
        ),
        (
            "The reports are older than what is known.",
            evidence("9@1,70@2,60@3", &[2, 3], &[(2, "5@1,7@2"), (3, "8@1,6@3")]),
        ),
        ("Replica 3 has not had it.", evidence("9@1,7@2,6@3", &[2, 3], &[(2, "5@1,7@2"), (3, "4@1,6@3")])),
        ("Replica 3 has not said anything.", evidence("9@1,7@2,6@3", &[2, 3], &[(2, "5@1,7@2")])),
        (
            "Something of replica 3 may be on its way.",
            evidence("9@1,7@2,4@3", &[2, 3], &[(2, "5@1,7@2"), (3, "5@1,6@3")]),
        ),
        (
            "Nothing of replica 3 has come yet.",
            evidence("9@1,7@2", &[2, 3], &[(2, "5@1,7@2"), (3, "8@1,6@3")]),
        ),
        (
            "Replica 4 is in no table here, but was heard of.",
            evidence("9@1,7@2,0@4", &[2], &[(2, "5@1,7@2")]),
        ),
        ("Only replica 2 has met replica 4.", evidence("9@1,7@2", &[2], &[(2, "5@1,7@2,0@4")])),
        (
            "Replica 2 has met replica 4, and that has had it.",
            evidence("9@1,7@2,6@4", &[2], &[(2, "5@1,7@2,0@4"), (4, "5@1,6@4")]),
        ),
        (
            "Replica 3 was left behind.",
            left(&[3], evidence("9@1,7@2,2@3", &[2, 3], &[(2, "5@1,7@2,2@3"), (3, "1@1,6@3")])),
        ),
        (
            "Replica 3 was left behind, and alone has met replica 4.",
            left(&[3], evidence("9@1,7@2,2@3", &[2, 3], &[(2, "5@1,7@2,2@3"), (3, "1@1,6@3,0@4")])),
        ),
        (
            "Only replica 4, which is in no table here, has met replica 5.",
            evidence("9@1,7@2,6@4", &[2], &[(2, "5@1,7@2,0@4"), (4, "5@1,6@4,0@5")]),
        ),
        (
            "Replica 2 has writes of replica 3 that came after the tombstone there.",
            evidence("9@1,12@2,6@3", &[2, 3], &[(2, "5@1,12@2,11@3"), (3, "5@1,6@3")]),
        ),
        (
            "Replica 2 has met replica 4, and replica 3 has met replicas 5 and 6.",
            evidence("9@1,7@2,6@3", &[2, 3], &[(2, "5@1,7@2,0@4"), (3, "8@1,6@3,0@5,0@6")]),
        ),
        ("All others were left behind.", left(&[2, 3], evidence("9@1,7@2", &[2, 3], &[]))),
        (
            "Left behind is replica 4, and replica 3 has not had it.",
            left(&[4], evidence("9@1,7@2", &[2, 3, 4], &[(2, "5@1,7@2")])),
        ),
    ] {
        ask("5@1", story, evidence);
    }
    for (tombstone, story, evidence) in [
        (
            "5@2",
            "Replica 2 wrote it; all had it.",
            evidence("9@1,7@2,6@3", &[2, 3], &[(2, "3@1,7@2"), (3, "4@1,5@2,6@3")]),
        ),
        (
            "5@2",
            "Replica 2 wrote it; replica 3 has not had it, but has later writes of ours.",
            evidence("9@1,7@2,8@3", &[2, 3], &[(2, "3@1,7@2"), (3, "8@1,4@2,8@3")]),
        ),
        (
            "5@3",
            "Replica 3 wrote it and was left behind, and we may lack some of what it wrote before.",
            left(&[3], evidence("9@1,7@2,2@3", &[2, 3], &[(2, "4@1,7@2,5@3")])),
        ),
        (
            "8@3",
            "One write of replica 2 has not come here.",
            evidence("9@1,7@2,9@3", &[2, 3], &[(2, "3@1,8@2,8@3"), (3, "3@1,7@2,9@3")]),
        ),
        (
            "4294967296@2",
            "A very long life, and something of replica 3 may be on its way.",
            evidence(
                "9@1,4294967298@2,4294967295@3",
                &[2, 3],
                &[(2, "9@1,4294967298@2"), (3, "9@1,4294967296@2,4294967297@3")],
            ),
        ),
        (
            "70000@2",
            "A long life.",
            evidence("80000@1,70001@2,70002@3", &[2, 3], &[(2, "9@1,70001@2"), (3, "8@1,70000@2,70002@3")]),
        ),
    ] {
        ask(tombstone, story, evidence);
    }
    check::snapshot!("may_collect", table);
}

async fn fill(node: &Node) {
    for number in 0..300 {
        let name = format!("{number:03}");
        let fruit =
            if number % 3 == 0 { object(&format!("1@1,{}@1", 2 + number), "") } else { object("1@1", "x") };
        node.apply(&name, &fruit).await;
    }
}

#[tokio::test(start_paused = true)]
async fn ex_4_5_a_walk_over_all_tombstones() {
    check::promise(
        "A walk forgets the tombstones that may go and no others, and never what a client wrote meanwhile.",
    );
    let node = Node::open(2).await;
    fill(&node).await;
    // That a replica was removed: it is kept for ever, so that its id does not come back.
    let (removed, gone) = (Key::new("atoll.peers", "9").unwrap(), object("1@1,2@1", ""));
    node.store.write(move |write| write.store(&removed, None, &gone)).await.unwrap();
    node.learn(1, 400).await;
    let mut story = String::new();
    let mut walk = async |words: &str| {
        let collected = node.merge.collect(&node.store, &[ReplicaId(1), ReplicaId(2)]).await.unwrap();
        let counts = node.store.counts().await.unwrap();
        writeln!(
            story,
            "{words}: forgotten {}, kept {}; objects {}, tombstones {}",
            collected.forgotten, collected.kept, counts.objects, counts.tombstones
        )
        .unwrap();
    };
    walk("nobody has reported").await;
    node.merge.report(ReplicaId(1), knowledge("150@1,0@2"));
    walk("replica 1 knows 150@1").await;
    node.store.put(&Key::new("fruit", "297").unwrap(), "back").await.unwrap();
    node.merge.report(ReplicaId(1), knowledge("400@1,0@2"));
    walk("replica 1 knows 400@1, and a client wrote over a tombstone").await;
    walk("once more").await;
    let echo = node.apply("000", &object("1@1", "x")).await;
    writeln!(story, "what was deleted comes in again: {}", echo.name()).unwrap();
    writeln!(story, "collected, as counted: {}", node.merge.counts().collected).unwrap();
    check::snapshot!("walk", story);
}

#[tokio::test]
async fn ex_4_5_what_cannot_be_true_collects_nothing() {
    check::promise(
        "A report with a counter that cannot be true, or that is ahead of the clock of its replica, is used for nothing.",
    );
    let node = Node::open(2).await;
    fill(&node).await;
    node.learn(1, 400).await;
    node.learn(3, 400).await;
    node.merge.report(ReplicaId(1), knowledge("400@1,0@2,0@3"));
    let mut story = String::new();
    for (counter, clock, doubted) in
        [(1, 400, false), (u64::MAX, u64::MAX, false), (400, 399, false), (400, 400, true), (400, 400, false)]
    {
        node.merge.report(ReplicaId(3), knowledge(&format!("{counter}@1,0@2,{clock}@3")));
        if doubted {
            node.merge.doubt(ReplicaId(3));
            story += "a pass has shown that replica 3 does not have what it says that it knows\n";
        }
        let collected = node.merge.collect(&node.store, &[ReplicaId(1), ReplicaId(3)]).await.unwrap();
        let (forgotten, kept) = (collected.forgotten, collected.kept);
        writeln!(
            story,
            "replica 3 says that it knows {counter}@1, and its clock stands at {clock}: forgotten {forgotten}, kept {kept}"
        )
        .unwrap();
    }
    check::snapshot!("unbelievable", story);
}

#[tokio::test(start_paused = true)]
async fn ex_4_5_a_walk_is_made_in_pieces() {
    check::promise("One walk reads so many records and no more, and the next goes on where it ended.");
    let node = Node::with(2, Options { settle: Duration::ZERO, walk: 128, ..Options::default() }).await;
    fill(&node).await;
    node.learn(1, 400).await;
    node.merge.report(ReplicaId(1), knowledge("400@1,0@2"));
    let mut story = String::new();
    for walk in 1..=5 {
        if walk == 4 {
            let (key, tombstone) = (key("000"), object("1@1,3@1", ""));
            node.store.write(move |write| write.store(&key, None, &tombstone)).await.unwrap();
        }
        let before = node.store.engine().stats().rows_scanned;
        let forgotten = node.merge.collect(&node.store, &[ReplicaId(1)]).await.unwrap().forgotten;
        let read = node.store.engine().stats().rows_scanned - before;
        let left = node.store.counts().await.unwrap().tombstones;
        writeln!(story, "walk {walk}: {read} records read, {forgotten} tombstones forgotten, {left} left")
            .unwrap();
    }
    check::snapshot!("pieces", story);
}

#[tokio::test(start_paused = true)]
async fn ex_4_5_a_report_is_used_when_it_has_settled() {
    check::promise(
        "A report counts when nothing can be on its way any more that was sent before it; new ones do not delay it, and the last one counts.",
    );
    let mut story = String::new();
    for (words, silent_after) in
        [("a peer that goes on reporting", 120), ("a peer that has no more to say", 20)]
    {
        let node = Node::with(2, Options { settle: Duration::from_secs(60), ..Options::default() }).await;
        node.apply("apple", &object("1@1,2@1", "")).await;
        node.learn(1, 9).await;
        writeln!(story, "{words}").unwrap();
        for second in (0..=120).step_by(20) {
            if second <= silent_after {
                node.merge.report(ReplicaId(1), knowledge(if second < 20 { "1@1" } else { "9@1" }));
            }
            let collected = node.merge.collect(&node.store, &[ReplicaId(1)]).await.unwrap();
            let (forgotten, kept) = (collected.forgotten, collected.kept);
            writeln!(story, "  {second:3} s: forgotten {forgotten}, kept {kept}").unwrap();
            tokio::time::advance(Duration::from_secs(20)).await;
        }
    }
    check::snapshot!("settled", story);
}

#[tokio::test(start_paused = true)]
async fn ex_4_5_who_is_away_for_too_long_is_left_behind() {
    check::promise(
        "A replica that was away for too long is waited for no more, and refused when it returns, over restarts too.",
    );
    logs::collect();
    let day = Duration::from_secs(24 * 3600);
    let options = Options { settle: Duration::ZERO, away_limit: 7 * day, ..Options::default() };
    let disk = MemoryDisk::new();
    let mut node = Node::on(disk.clone(), 1, options.clone()).await.unwrap();
    let mut story = String::new();
    node.store.put(&key("apple"), "green").await.unwrap();
    node.store.delete(&key("apple")).await.unwrap();
    for number in 1..=13 {
        tokio::time::advance(day).await;
        node.learn(2, 2).await;
        node.merge.report(ReplicaId(2), knowledge("2@1,2@2"));
        if number == 5 {
            drop(node);
            node = Node::on(disk.clone(), 1, options.clone()).await.unwrap();
            node.merge.report(ReplicaId(2), knowledge("2@1,2@2"));
            node.merge.heard(ReplicaId(3));
        }
        let collected = node.merge.collect(&node.store, &[ReplicaId(2), ReplicaId(3)]).await.unwrap();
        let left: Vec<_> = collected.left_behind.iter().map(ToString::to_string).collect();
        writeln!(
            story,
            "day {number:2}: forgotten {}, kept {}, left behind: {}",
            collected.forgotten,
            collected.kept,
            left.join(", ")
        )
        .unwrap();
    }
    tokio::time::advance(3 * day).await;
    drop(node);
    let node = Node::on(disk, 1, options).await.unwrap();
    for replica in [2, 3, 4] {
        let words = node
            .merge
            .check(&node.store, ReplicaId(replica))
            .await
            .map_or_else(|error| error.to_string(), |()| "welcome".into());
        writeln!(story, "replica {replica} comes: {words}").unwrap();
    }
    node.merge.leave_behind(&node.store, ReplicaId(2)).await.unwrap();
    let words = node.merge.check(&node.store, ReplicaId(2)).await.unwrap_err();
    writeln!(story, "replica 2 is given up, and comes: {words}").unwrap();
    check::snapshot!("left_behind", format!("{story}\n{}\n{}", node.knowledge().await, logs::collected()));
}
