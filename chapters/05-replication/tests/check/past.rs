//! 5.5: replicas that went back in time, with pings.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::time::Duration;

use engine::MemoryDisk;
use net::Network;
use tokio::time::sleep;

use crate::support::fleet::{Node, introduce, network};
use crate::support::{Replica, key, logs};

/// Three replicas that stream and ping; the first has written `before` times, then a copy of its disk was made, and
/// then it has written `after` times.
async fn three(network: &Network, before: usize, after: usize) -> ([Node; 3], MemoryDisk) {
    let mut nodes = [
        Node::serve(Replica::new(1).await, network).await,
        Node::serve(Replica::new(2).await, network).await,
        Node::serve(Replica::new(3).await, network).await,
    ];
    introduce(&nodes.each_ref()).await;
    for node in &mut nodes {
        node.run();
        node.ping();
    }
    sleep(Duration::from_secs(3)).await;
    nodes[0].replica.fill(before).await;
    let copy = nodes[0].replica.disk.copy();
    for number in 0..after {
        nodes[0].replica.put(&format!("later-{number}"), "x").await;
    }
    sleep(Duration::from_secs(3)).await;
    (nodes, copy)
}

/// Replica 1 starts on `disk`, as a process does: it asks before it takes writes.
async fn start(disk: MemoryDisk, network: &Network) -> Node {
    let replica = Replica::on(1, disk).await;
    replica.store.joins("it has just started").await.unwrap();
    let mut node = Node::serve(replica, network).await;
    node.run();
    node.ping();
    node
}

/// What a client of a replica gets.
async fn put(node: &Node, name: &str) -> String {
    let put = node.replica.store.put(&key(name), "mine").await;
    put.map_or_else(|error| error.to_string(), |object| format!("{}", object.version))
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_restored_replica_takes_no_writes_where_it_can_ask() {
    check::promise(
        "A replica whose directory is older than what its peers know of it takes no writes, for good.",
    );
    let network = network();
    let (nodes, copy) = three(&network, 5, 5).await;
    let [one, two, three] = nodes;
    drop(one.kill(&network).await);
    let mut story = String::new();
    let restored = start(copy, &network).await;
    for seconds in [1, 31] {
        sleep(Duration::from_secs(seconds)).await;
        writeln!(story, "{seconds} s later, put on 1: {}", put(&restored, "apple").await).unwrap();
    }
    logs::collect();
    let replica = restored.kill(&network).await;
    let restarted = start(replica.disk, &network).await;
    sleep(Duration::from_secs(5)).await;
    writeln!(story, "after a restart: {}", put(&restarted, "apple").await).unwrap();
    writeln!(story, "put on 2: {}, on 3: {}", put(&two, "pear").await, put(&three, "plum").await).unwrap();
    for node in [&two, &three] {
        let refused = node.replica.merge.check(&node.replica.store, restarted.replica.id).await.unwrap_err();
        writeln!(story, "replica {} says: {refused}", node.replica.id).unwrap();
    }
    check::snapshot!("went_back", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_replica_that_is_restored_at_once_takes_no_writes() {
    check::promise(
        "Whoever asks a peer what it knows hears what is on its disk now, also of writes that came a moment ago.",
    );
    let network = network();
    let (nodes, _) = three(&network, 5, 5).await;
    let [one, _two, _three] = nodes;
    let copy = one.replica.disk.copy();
    one.replica.fill(5).await;
    sleep(Duration::from_millis(300)).await;
    drop(one.kill(&network).await);
    let restored = start(copy, &network).await;
    sleep(Duration::from_millis(600)).await;
    check::snapshot!("at_once", format!("0.6 s later, put on 1: {}\n", put(&restored, "apple").await));
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_restored_replica_that_can_ask_nobody_stops_when_it_can() {
    check::promise(
        "A restored replica that reaches nobody gives none of the numbers that it may have given, and stops when one tells it more.",
    );
    let mut story = String::new();
    // How many writes it takes before it reaches the others: fewer than they know of it, as many, and more.
    for writes in [2, 9] {
        let network = network();
        let (nodes, copy) = three(&network, 5, 5).await;
        let [one, two, three] = nodes;
        drop(one.kill(&network).await);
        for (from, to) in [(1, 2), (2, 1), (1, 3), (3, 1)] {
            network.cut(from, to);
        }
        let restored = start(copy, &network).await;
        sleep(Duration::from_secs(10)).await;
        writeln!(story, "restored, it reaches nobody").unwrap();
        for number in 0..writes {
            let put = put(&restored, &format!("mine-{number}")).await;
            if number == 0 || number == writes - 1 {
                writeln!(story, "  put mine-{number}: {put}").unwrap();
            }
        }
        for (from, to) in [(1, 2), (2, 1), (1, 3), (3, 1)] {
            network.heal(from, to);
        }
        sleep(Duration::from_secs(15)).await;
        writeln!(story, "15 s after it reaches them\n  put: {}", put(&restored, "more").await).unwrap();
        for node in [&two, &three] {
            let held = node.replica.show().await;
            let mine = held.lines().filter(|line| line.contains("mine")).count();
            writeln!(story, "  replica {} holds {mine} of its writes", node.replica.id).unwrap();
        }
    }
    check::snapshot!("alone", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_restart_is_no_step_back() {
    check::promise("A replica that is killed and started again, however often, goes on.");
    let network = network();
    let (nodes, _) = three(&network, 5, 5).await;
    let [mut one, two, _three] = nodes;
    for round in 0..6 {
        // At any moment: in the middle of writes, and of what is on its way.
        sleep(Duration::from_millis(37 * round)).await;
        one.replica.put(&format!("round-{round}"), "x").await;
        let disk = one.kill(&network).await.disk;
        one = start(disk, &network).await;
        sleep(Duration::from_millis(1500)).await;
        two.replica.put(&format!("other-{round}"), "x").await;
    }
    sleep(Duration::from_secs(15)).await;
    assert!(one.replica.store.hold().is_none(), "a replica that was only restarted takes no writes any more");
    assert_eq!(
        one.replica.show().await,
        two.replica.show().await,
        "replica 1 and replica 2 do not hold the same"
    );
}
