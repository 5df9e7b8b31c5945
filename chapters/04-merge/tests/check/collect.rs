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

#[test]
fn ex_4_5_a_tombstone_goes_when_nothing_can_come_back() {
    check::promise("A tombstone goes when everybody had it, and all that they wrote before has come here.");
    let left = |ids: &[u64], evidence: Evidence| Evidence { left_behind: replicas(ids), ..evidence };
    let mut table = String::from("may replica 1 forget the tombstone 5@1?\n\n");
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
            evidence("9@1,7@2,5@3", &[2, 3], &[(2, "5@1,7@2"), (3, "8@1,6@3")]),
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
        ("All others were left behind.", left(&[2, 3], evidence("9@1,7@2", &[2, 3], &[]))),
        (
            "Left behind is replica 4, and replica 3 has not had it.",
            left(&[4], evidence("9@1,7@2", &[2, 3, 4], &[(2, "5@1,7@2")])),
        ),
    ] {
        let waits: Vec<_> = evidence.waits_for().iter().map(ToString::to_string).collect();
        let verdict = if may_collect(version("5@1"), &evidence) { "yes" } else { "no" };
        writeln!(
            table,
            "{verdict:4} {story} Waits for {}.",
            if waits.is_empty() { "nobody".into() } else { waits.join(" and ") }
        )
        .unwrap();
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

#[tokio::test(start_paused = true)]
async fn ex_4_5_a_report_is_used_when_it_has_settled() {
    check::promise(
        "A report counts when nothing can be on its way any more that was sent before it; new ones do not delay it.",
    );
    let node = Node::with(2, Options { settle: Duration::from_secs(60), ..Options::default() }).await;
    node.apply("apple", &object("1@1,2@1", "")).await;
    node.learn(1, 9).await;
    let mut story = String::new();
    for second in (0..=120).step_by(20) {
        node.merge.report(ReplicaId(1), knowledge(if second < 20 { "1@1" } else { "9@1" }));
        let collected = node.merge.collect(&node.store, &[ReplicaId(1)]).await.unwrap();
        writeln!(story, "{second:3} s: forgotten {}, kept {}", collected.forgotten, collected.kept).unwrap();
        tokio::time::advance(Duration::from_secs(20)).await;
    }
    check::snapshot!("settled", story);
}

#[tokio::test(start_paused = true)]
async fn ex_4_5_the_last_word_of_a_peer_that_falls_silent_counts() {
    check::promise("A peer that has nothing new to say says nothing, and what it said last counts in time.");
    let settle = Duration::from_secs(60);
    let node = Node::with(2, Options { settle, ..Options::default() }).await;
    node.apply("apple", &object("1@1,2@1", "")).await;
    node.learn(1, 9).await;
    let mut story = String::new();
    for (second, says) in [(0, Some("1@1")), (1, Some("9@1")), (61, None), (121, None)] {
        tokio::time::advance(Duration::from_secs(if second > 1 { 60 } else { second })).await;
        if let Some(says) = says {
            node.merge.report(ReplicaId(1), knowledge(says));
        }
        let collected = node.merge.collect(&node.store, &[ReplicaId(1)]).await.unwrap();
        let says = says.map_or("is silent".into(), |says| format!("knows {says}"));
        writeln!(
            story,
            "{second:3} s: replica 1 {says}; forgotten {}, kept {}",
            collected.forgotten, collected.kept
        )
        .unwrap();
    }
    check::snapshot!("last_word", story);
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
