//! 6.4: sessions over slices: each goes on where the last one stopped, and none takes for ever.

use std::time::Duration;

use antientropy::{Limits, Side};
use store::{Key, ReplicaId};
use tokio::time::Instant;
use tonic::service::Routes;

use crate::sessions::show;
use crate::support::cutter::Cutter;
use crate::support::nodes::{Node, pair, settle, tasks};

/// How many keys the replicas hold alike.
async fn common(one: &Node, two: &Node) -> usize {
    let ours = one.show().await;
    let theirs = two.show().await;
    ours.split(", ").filter(|entry| theirs.contains(entry)).count()
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_session_resumes_where_the_last_one_stopped() {
    check::promise("A session begins where the last one with that peer ended; one that failed is repeated.");
    let (network, one, two) = pair(Limits { keys: 4, ..Limits::default() }).await;
    let cutter = Cutter::between(&network, Routes::new(two.anti_entropy.server())).await;
    one.fill(0..6, 1).await;
    two.fill(4..10, 1).await;
    let mut story = String::new();
    for session in 1..=9 {
        if session == 2 {
            cutter.cut(Side::Initiator, 4);
        }
        let ended = one.anti_entropy.session(ReplicaId(2), false).await;
        settle().await;
        let lost = cutter.heal().map(|lost| format!(", {lost} was lost")).unwrap_or_default();
        let common = common(&one, &two).await;
        story += &format!("session {session}{lost}\n  {}\n  {common} keys are the same\n", show(&ended));
        if ended.is_ok_and(|report| report.whole) {
            break;
        }
    }
    story += &format!("replica 1 knows {}\nreplica 2 knows {}\n", one.knows().await, two.knows().await);
    check::snapshot!("resume", story);
    assert_eq!(one.show().await, two.show().await, "replica 1 and replica 2 do not hold the same");
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_session_has_a_deadline() {
    check::promise("A session with a peer that does not answer ends in time, at both ends.");
    let (network, one, _two) = pair(Limits::default()).await;
    one.fill(0..10, 1).await;
    one.anti_entropy.session(ReplicaId(2), false).await.unwrap();
    settle().await;
    let idle = tasks();
    let mut story = String::new();
    for (words, from, to) in
        [("what replica 2 says is held up", 2, 1), ("what replica 1 says is held up", 1, 2)]
    {
        network.cut(from, to);
        let began = Instant::now();
        let ended = one.anti_entropy.session(ReplicaId(2), false).await;
        let took = began.elapsed();
        network.heal(from, to);
        tokio::time::sleep(Duration::from_secs(60)).await;
        let left = tasks().saturating_sub(idle);
        story += &format!("{words}\n  after {} s: {}\n  {left} tasks left\n", took.as_secs(), show(&ended));
    }
    check::snapshot!("deadline", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_slow_link_makes_short_slices() {
    check::promise(
        "On a slow link a slice ends when its time is up, and the sessions come to the last key all the same.",
    );
    let limits = Limits { slice: Duration::from_secs(2), ..Limits::default() };
    let (network, one, two) = pair(limits).await;
    // A window of 64 KiB and a round trip of two seconds: so much passes in a second, and keys are long.
    for node in [&one, &two] {
        let fill = node.store.write(|write| {
            (0..1_000).try_for_each(|number| {
                let key = Key::new("default", format!("{number:04}{}", "-".repeat(250)))?;
                write.put(&key, Vec::new()).map(drop)
            })
        });
        fill.await.unwrap();
    }
    one.anti_entropy.session(ReplicaId(2), true).await.unwrap();
    network.latency(1, 2, Duration::from_secs(1));
    let mut story = String::new();
    for session in 1..=20 {
        let report = one.anti_entropy.session(ReplicaId(2), false).await.unwrap();
        story += &format!("session {session}: checked {}\n", report.checked);
        if report.whole {
            break;
        }
    }
    check::snapshot!("slow_link", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_bytes_of_a_session_that_finds_nothing() {
    check::promise("Between replicas that hold the same 1,000 keys a session costs this, to the byte.");
    let (_network, one, two) = pair(Limits::default()).await;
    one.fill(0..1_000, 100).await;
    one.anti_entropy.session(ReplicaId(2), false).await.unwrap();
    let report = one.anti_entropy.session(ReplicaId(2), false).await.unwrap();
    settle().await;
    assert_eq!(one.show().await, two.show().await, "replica 1 and replica 2 do not hold the same");
    let each = report.bytes_sent as f64 / report.checked as f64;
    check::snapshot!("bytes", format!("{}\n{each:.1} bytes a key\n", show(&Ok(report))));
}
