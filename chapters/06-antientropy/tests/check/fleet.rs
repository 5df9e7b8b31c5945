//! 6.4 and 6.5: three replicas that do nothing but synchronize.

use std::time::Duration;

use antientropy::{Limits, Ticker};
use proto::antientropy::v1::RunSessionRequest;
use rpc::antientropy::v1::anti_entropy_client::AntiEntropyClient;
use store::ReplicaId;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::support::nodes::{Node, fleet, settle, tasks};

/// The anti-entropy of every replica, at work.
fn run(nodes: &[Node]) -> JoinSet<()> {
    let mut running = JoinSet::new();
    for (replica, node) in (1..).zip(nodes) {
        let anti_entropy = node.anti_entropy.clone();
        let ticker = Ticker::new(ReplicaId(replica), Duration::from_secs(10), replica);
        running.spawn(async move { anti_entropy.run(ticker).await });
    }
    running
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_three_replicas_session_by_session() {
    check::promise(
        "What one replica knows reaches the others by way of each other: any two of them need not meet.",
    );
    let (_network, nodes) = fleet(3, Limits::default()).await;
    nodes[0].put("apple", "green").await;
    nodes[1].put("plum", "blue").await;
    nodes[2].put("fig", "purple").await;
    nodes[2].put("apple", "red").await;
    let mut story = String::new();
    let table = async |words: String| {
        let mut table = format!("{words}\n");
        for (replica, node) in (1..).zip(&nodes) {
            table += &format!(
                "  replica {replica} holds {}\n    and knows {}\n",
                node.show().await,
                node.knows().await
            );
        }
        table
    };
    story += &table("before".into()).await;
    for (from, to) in [(1, 2), (2, 3), (1, 2)] {
        nodes[from - 1].anti_entropy.session(ReplicaId(to), false).await.unwrap();
        settle().await;
        story += &table(format!("replica {from} has met replica {to}")).await;
    }
    check::snapshot!("session_by_session", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_5_three_replicas_converge() {
    check::promise(
        "With no stream between them, three replicas come to hold the same, within a few intervals; and at the end no task is left.",
    );
    let (_network, nodes) = fleet(3, Limits::default()).await;
    // All connections are made, and stay.
    for (from, to) in [(0, 2), (0, 3), (1, 1), (1, 3), (2, 1), (2, 2)] {
        nodes[from].anti_entropy.session(ReplicaId(to), true).await.unwrap();
    }
    settle().await;
    let idle = tasks();
    nodes[0].put("apple", "green").await;
    nodes[1].put("apple", "red").await;
    nodes[1].put("plum", "blue").await;
    nodes[2].put("quince", "yellow").await;
    nodes[2].delete("quince").await;
    let mut running = run(&nodes);
    let began = Instant::now();
    let converged = async {
        loop {
            let (one, two, three) = (nodes[0].show().await, nodes[1].show().await, nodes[2].show().await);
            if one == two && two == three {
                return;
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(100), converged)
        .await
        .expect("no convergence within ten intervals");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    let mut story = String::new();
    for (replica, node) in (1..).zip(&nodes) {
        story += &format!("replica {replica}: {}\n", node.show().await);
    }
    check::snapshot!("converged", story);
    nodes.iter().for_each(|node| node.shutdown.begin());
    let ended =
        tokio::time::timeout(Duration::from_secs(1), async { while running.join_next().await.is_some() {} });
    ended.await.expect("the ticker does not end when the shutdown begins");
    settle().await;
    assert_eq!(tasks(), idle, "tasks are left");
}

#[tokio::test(start_paused = true)]
async fn ex_6_5_a_replica_that_is_alone_waits() {
    check::promise("A replica with no peer to choose begins no session, and goes on.");
    let (_network, nodes) = fleet(1, Limits::default()).await;
    let mut running = run(&nodes);
    tokio::time::sleep(Duration::from_secs(100)).await;
    assert!(running.try_join_next().is_none(), "the ticker has ended");
    assert_eq!(nodes[0].metrics(&["sessions_total"]).await, "", "sessions of a replica that is alone");
    nodes[0].shutdown.begin();
    settle().await;
    assert!(running.try_join_next().is_some(), "the ticker does not end");
}

#[tokio::test(start_paused = true)]
async fn ex_6_5_a_session_by_hand_chooses_too() {
    check::promise("Who asks for a session and names no peer gets one; with nobody to choose, that is said.");
    let (network, nodes) = fleet(2, Limits::default()).await;
    let mut client = AntiEntropyClient::new(network.connect(9, 1).await.unwrap());
    let any = RunSessionRequest { peer: 0, dry: false };
    let peer = client.run_session(any).await.unwrap().into_inner().peer;
    nodes[0].peers.table().remove(ReplicaId(2)).await.unwrap();
    let nobody = client.run_session(any).await.unwrap_err();
    let words = format!("replica {peer}\n{:?}: {}\n", nobody.code(), nobody.message());
    check::snapshot!("by_hand", words);
}
