//! 6.4: whole sessions between two replicas, over a network.

use std::time::Duration;

use antientropy::{Error, Limits};
use proto::antientropy::v1::{Open, RunSessionRequest, SessionReport, SyncMessage, sync_message};
use rpc::antientropy::v1::anti_entropy_client::AntiEntropyClient;
use store::ReplicaId;
use tokio::task::JoinSet;
use transcript::Recorder;

use crate::support::nodes::{Node, fleet, pair, record, settle, tasks};

pub fn show(ended: &Result<SessionReport, Error>) -> String {
    match ended {
        Ok(report) => {
            let SessionReport { checked, pushed, pulled, stomps, skips, bytes_sent, bytes_received, .. } =
                report;
            let whole = if report.whole { "to the last key" } else { "a part" };
            format!(
                "checked {checked}, pushed {pushed}, pulled {pulled}, stomps {stomps}, skips {skips}, \
                 {bytes_sent} bytes sent, {bytes_received} received, {whole}"
            )
        }
        Err(error) => format!("{:?}: {error}", error.code()),
    }
}

async fn session(one: &Node, recorder: &Recorder) -> String {
    let ended = one.anti_entropy.session(ReplicaId(2), false).await;
    settle().await;
    format!("{}{}\n", recorder.transcript(), show(&ended))
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_session_repairs_both_replicas() {
    check::promise(
        "After one session both replicas hold the later version of each key, tombstones included.",
    );
    let (_network, one, two) = pair(Limits::default()).await;
    for (name, ours, theirs) in [
        ("apple", Some("10@1"), Some("10@1")),
        ("cherry", Some("12@1"), Some("11@3")),
        ("fig", Some("11@3 deleted"), Some("13@2")),
        ("grape", Some("14@1 deleted"), Some("11@3")),
        ("lemon", Some("15@1"), None),
        ("plum", None, Some("16@2")),
        ("quince", None, Some("17@2 deleted")),
    ] {
        if let Some(ours) = ours {
            one.hold(name, ours).await;
        }
        if let Some(theirs) = theirs {
            two.hold(name, theirs).await;
        }
    }
    let recorder = record();
    let said = session(&one, &recorder).await;
    check::snapshot!(
        "repairs_both",
        format!("{said}\nreplica 1: {}\nreplica 2: {}\n", one.show().await, two.show().await)
    );
    assert_eq!(one.show().await, two.show().await, "replica 1 and replica 2 do not hold the same");
    assert_eq!(
        one.store.counts().await.unwrap(),
        two.store.counts().await.unwrap(),
        "replica 1 and replica 2 count differently"
    );
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_concurrent_writes_are_counted() {
    check::promise(
        "Of two concurrent writes the later one wins at both replicas, and the one that is lost is counted once.",
    );
    let (_network, one, two) = pair(Limits::default()).await;
    one.put("apple", "green").await;
    one.put("apple", "yellow").await;
    two.put("apple", "red").await;
    let ended = one.anti_entropy.session(ReplicaId(2), false).await;
    let again = one.anti_entropy.session(ReplicaId(2), false).await;
    settle().await;
    let lost = |node: Node| async move {
        let lost = node.merge.stomps(&node.store, 10).await.unwrap();
        lost.iter()
            .map(|stomp| format!("{} lost against {}", stomp.lost.version, stomp.winner))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let story = format!(
        "{}\nagain: {}\nreplica 1: {}; {}\nreplica 2: {}; {}\n",
        show(&ended),
        show(&again),
        one.show().await,
        lost(one.clone()).await,
        two.show().await,
        lost(two.clone()).await,
    );
    check::snapshot!("concurrent", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_equal_replicas_have_little_to_say() {
    check::promise("Between equal replicas a session says a CHECK for each key, and nothing else.");
    let (_network, one, two) = pair(Limits::default()).await;
    for (name, text) in [("apple", "10@1"), ("plum", "11@1 deleted")] {
        one.hold(name, text).await;
        two.hold(name, text).await;
    }
    let recorder = record();
    let story = session(&one, &recorder).await;
    check::snapshot!("equal", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_each_learns_what_the_other_knew() {
    check::promise(
        "When a pass has come to the last key, each replica knows what the other knew when it began, and not before.",
    );
    let limits = Limits { keys: 3, ..Limits::default() };
    let (_network, one, two) = pair(limits).await;
    for name in ["apple", "cherry", "fig"] {
        one.put(name, "sweet").await;
        two.put(&format!("{name}-2"), "sour").await;
    }
    let mut story =
        format!("before\n  replica 1 knows {}\n  replica 2 knows {}\n", one.knows().await, two.knows().await);
    for session in 1..=10 {
        let ended = one.anti_entropy.session(ReplicaId(2), false).await.unwrap();
        settle().await;
        // What is written during a pass is in the next one.
        one.put("zebra", "late").await;
        story += &format!(
            "after session {session}\n  replica 1 knows {}\n  replica 2 knows {}\n",
            one.knows().await,
            two.knows().await
        );
        if ended.whole {
            break;
        }
    }
    check::snapshot!("knowledge", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_dry_session_changes_nothing() {
    check::promise("A dry session says the same and costs the same, and nobody stores anything.");
    let (network, one, two) = pair(Limits::default()).await;
    one.put("apple", "green").await;
    two.put("plum", "blue").await;
    let before = (one.show().await, two.show().await);
    let mut client = AntiEntropyClient::new(network.connect(9, 1).await.unwrap());
    let dry = client.run_session(RunSessionRequest { peer: 2, dry: true }).await.unwrap().into_inner();
    assert_eq!((one.show().await, two.show().await), before, "a dry session has changed something");
    let known = format!("replica 1 knows {}\nreplica 2 knows {}\n", one.knows().await, two.knows().await);
    let wet = client.run_session(RunSessionRequest { peer: 2, dry: false }).await.unwrap().into_inner();
    let again = client.run_session(RunSessionRequest { peer: 2, dry: false }).await.unwrap().into_inner();
    let mut story = format!("after the dry session\n{known}\n");
    for (words, answer) in [("dry", dry), ("not dry", wet), ("once more", again)] {
        let report = show(&Ok(answer.report.unwrap()));
        story += &format!("{words}\n{}{report}\n\n", answer.diagram);
    }
    check::snapshot!("dry", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_two_sessions_at_once() {
    check::promise(
        "Sessions may overlap: two at once from one replica, and one from the other, harm nothing.",
    );
    let (_network, one, two) = pair(Limits::default()).await;
    one.fill(0..200, 10).await;
    two.fill(100..300, 10).await;
    let (first, second, third) = tokio::join!(
        one.anti_entropy.session(ReplicaId(2), false),
        one.anti_entropy.session(ReplicaId(2), false),
        two.anti_entropy.session(ReplicaId(1), false),
    );
    settle().await;
    let whole = [&first, &second, &third].iter().all(|ended| ended.as_ref().unwrap().whole);
    assert!(whole, "all three come to the last key");
    assert_eq!(one.show().await, two.show().await, "replica 1 and replica 2 do not hold the same");
    assert_eq!(
        one.store.counts().await.unwrap(),
        two.store.counts().await.unwrap(),
        "replica 1 and replica 2 count differently"
    );
    let story = format!(
        "{}\nreplica 1\n{}replica 2\n{}",
        "three sessions over 300 keys, of which 100 were written by both",
        one.metrics(&["sessions_total", "checked"]).await,
        two.metrics(&["sessions_total", "checked"]).await
    );
    check::snapshot!("overlapping", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_sessions_are_bounded() {
    check::promise(
        "A replica answers four sessions at once, and two of one peer; it refuses another until one of them has ended.",
    );
    let (network, nodes) = fleet(4, Limits::default()).await;
    for node in &nodes {
        for peer in (1..=4).filter(|peer| ReplicaId(*peer) != node.store.identity().replica) {
            node.anti_entropy.session(ReplicaId(peer), false).await.unwrap();
        }
    }
    settle().await;
    let idle = tasks();
    // Long enough on their way to be there together.
    for (one, other) in [(1, 2), (3, 2), (1, 4)] {
        network.latency(one, other, Duration::from_secs(2));
    }
    let mut sessions = JoinSet::new();
    for (from, to) in [(1, 2), (1, 2), (3, 2), (3, 2), (1, 4), (1, 4)] {
        let node = nodes[from - 1].clone();
        sessions.spawn(async move { node.anti_entropy.session(ReplicaId(to), false).await });
    }
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    let own = show(&nodes[0].anti_entropy.session(ReplicaId(2), false).await);
    let mut client = AntiEntropyClient::new(network.connect(9, 2).await.unwrap());
    let mut refused = String::new();
    for from in [1, 4] {
        let open = Open { protocol: 1, from, to: 2, ..Open::default() };
        let open = SyncMessage { message: Some(sync_message::Message::Open(open)) };
        let status = client.synchronize(tokio_stream::iter([open])).await.unwrap_err();
        refused += &format!("one that replica {from} begins\n  {:?}: {}\n", status.code(), status.message());
    }
    let ended = sessions.join_all().await;
    assert!(ended.iter().all(Result::is_ok), "those that were begun end well");
    settle().await;
    let after = show(&nodes[0].anti_entropy.session(ReplicaId(2), false).await);
    let story = format!(
        "replica 1 has begun two with replica 2 and two with replica 4, and begins a fifth\n  {own}\n\
         replica 2 answers two of replica 1 and two of replica 3, and is to answer\n{refused}afterwards\n  {after}\n"
    );
    check::snapshot!("bounded", story);
    drop(client);
    settle().await;
    assert_eq!(tasks(), idle, "tasks that have not ended");
}
