//! 6.5: three replicas that do nothing but synchronize.

use std::time::Duration;

use antientropy::{Limits, Ticker};
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
            tokio::time::sleep(Duration::from_millis(100)).await;
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
    assert_eq!(nodes[0].metrics(&["sessions_total"]).await, "");
    nodes[0].shutdown.begin();
    settle().await;
    assert!(running.try_join_next().is_some(), "the ticker does not end");
}
