//! 5.5: an end on every path, and a new beginning.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::time::Duration;

use net::Network;
use proto::replication::v1::ReplicateRequest;
use tokio::time::{Instant, sleep};
use transcript::Recorder;

use crate::support::fake::{Then, fake};
use crate::support::fleet::{COLUMNS, MS, Node, begins, introduce, network};
use crate::support::messages::change;
use crate::support::played::Played;
use crate::support::{Replica, logs, object, settle, tasks};

/// Two replicas of which the first has three writes for the second. Breaks the connection between them after
/// so long, where that is said; returns what they said, and how many tasks were at work then.
async fn cut_after(break_after: Option<Duration>) -> (String, usize) {
    let before = tasks();
    let recorder = Recorder::install(&COLUMNS[..2]);
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let mut two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    one.replica.put("apple", "green").await;
    one.run();
    let began = Instant::now();
    let writes = async {
        for name in ["pear", "fig"] {
            sleep(MS * 170).await;
            one.replica.put(name, "green").await;
        }
    };
    let cut = async {
        if let Some(after) = break_after {
            sleep(after).await;
            network.reset(1, 2);
        }
    };
    tokio::join!(writes, cut);
    two.catches_up(&one, &recorder).await;
    assert!(began.elapsed() < Duration::from_secs(3), "it took {:?} to catch up", began.elapsed());
    assert_eq!(two.replica.show().await.lines().count(), 3, "objects at replica 2");
    sleep(MS * 500).await;
    let (story, at_work) = (recorder.transcript().to_string(), tasks() - before);
    one.stop().await;
    two.stop().await;
    settle().await;
    for node in [&one, &two] {
        let open = node.metrics(&["streams"]).await;
        assert!(!open.contains(" 1"), "replica {} has shut down, and\n{open}\n{story}", node.replica.id);
    }
    network.remove(1);
    network.remove(2);
    // With them go the channels that they kept.
    drop((one, two));
    settle().await;
    assert_eq!(tasks(), before, "tasks when all is over, and before\n\n{story}");
    (story, at_work)
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_the_stream_is_cut_after_every_message() {
    check::promise(
        "Wherever the stream breaks, it is opened again and resumes; every write arrives, and no task is left.",
    );
    let (whole, at_work) = cut_after(None).await;
    let time = |row: &str| row.split('│').next().and_then(|time| time.trim().parse::<u32>().ok());
    let times: BTreeSet<_> = whole.lines().filter_map(time).collect();
    let mut story = format!("{whole}\n");
    for after in times {
        let (broken, tasks) = cut_after(Some(MS * after + MS)).await;
        assert_eq!(
            tasks, at_work,
            "tasks at work after the stream was cut, and where it was not\n\n{broken}"
        );
        let resumed: Vec<_> = broken
            .lines()
            .filter_map(|row| row.split_once("├─ resume after "))
            .filter_map(|(_, rest)| rest.split(',').next())
            .collect();
        writeln!(story, "cut at {:4} ms: resumed after {}", after + 1, resumed.join(", then after "))
            .unwrap();
    }
    check::snapshot!("cut", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_peer_that_is_down_is_tried_again_with_patience() {
    check::promise(
        "A peer that is down is tried again, first soon, then seldom; when it is back it is found within seconds.",
    );
    let recorder = Recorder::install(&COLUMNS[..2]);
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let mut two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    one.run();
    two.catches_up(&one, &recorder).await;
    sleep(Duration::from_secs(60)).await;
    let down = Recorder::install(&COLUMNS[..2]);
    let replica = two.kill(&network).await;
    one.replica.put("apple", "green").await;
    sleep(Duration::from_secs(120)).await;
    let tries = begins(&down);
    let soon = tries.iter().filter(|time| time.as_secs() < 2).count();
    assert!((2..=20).contains(&soon), "the peer was tried {soon} times in the first 2 seconds");
    assert!((10..=60).contains(&tries.len()), "the peer was tried {} times in two minutes", tries.len());
    let longest = tries.windows(2).map(|two| two[1] - two[0]).max().unwrap_or_default();
    assert!(longest <= Duration::from_secs(11), "for {longest:?} the peer was not tried");
    two = Node::serve(replica, &network).await;
    let back = Instant::now();
    two.catches_up(&one, &recorder).await;
    assert!(back.elapsed() < Duration::from_secs(11), "it took {:?} to find the peer again", back.elapsed());
    for minute in 1..=8 {
        sleep(Duration::from_secs(60)).await;
        network.reset(1, 2);
        one.replica.put("pear", "green").await;
        let broken = Instant::now();
        two.catches_up(&one, &recorder).await;
        let took = broken.elapsed();
        assert!(took < Duration::from_secs(1), "one break a minute; number {minute} took {took:?} to mend");
    }
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_peer_that_ends_the_stream_is_not_given_up() {
    check::promise("A peer that ends the stream in good order, because it restarts, is tried again as well.");
    let recorder = Recorder::install(&COLUMNS[..2]);
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    let replica = two.kill(&network).await;
    network.serve(2, fake(Then::Ends));
    one.run();
    sleep(Duration::from_secs(5)).await;
    let two = Node::serve(replica, &network).await;
    network.reset(1, 2);
    two.catches_up(&one, &recorder).await;
    let tries = begins(&recorder).len();
    assert!(
        (2..=20).contains(&tries),
        "a peer that ended each stream was tried {tries} times in some seconds"
    );
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_stream_that_is_good_stays_open() {
    check::promise(
        "As long as nothing breaks there is one stream to each peer, however little is said on it.",
    );
    let recorder = Recorder::install(&COLUMNS[..2]);
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    one.run();
    sleep(Duration::from_secs(600)).await;
    let opened = begins(&recorder).len();
    assert_eq!(opened, 1, "in ten minutes without a fault a stream was opened {opened} times");
    one.replica.put("apple", "green").await;
    two.catches_up(&one, &recorder).await;
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_how_a_stream_ended_is_told() {
    check::promise(
        "Whoever reads the log finds for each stream that has ended how, and when it is opened again.",
    );
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    one.run();
    sleep(Duration::from_secs(20)).await;
    let mut story = String::new();
    logs::collect();
    network.reset(1, 2);
    sleep(MS * 500).await;
    writeln!(story, "the connection breaks: {}", endings(&logs::collected())).unwrap();
    drop(two.kill(&network).await);
    network.serve(2, fake(Then::Ends));
    sleep(MS * 500).await;
    writeln!(story, "the peer ends each stream: {}", endings(&logs::collected())).unwrap();
    check::snapshot!("told", story);
}

/// How many streams have ended in a log, and which words tell of it; the waits are random.
fn endings(log: &str) -> String {
    let told = ["a peer has ended the stream to it", "the stream to a peer has ended"];
    let lines = |words: &&str| log.lines().any(|line| line.contains(*words) && line.contains("seconds"));
    let told: Vec<_> = told.into_iter().filter(lines).collect();
    if told.is_empty() { "the log says nothing".into() } else { format!("{:?}", told.join(", ")) }
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_who_is_refused_does_not_insist() {
    check::promise(
        "A replica that is refused tries again seldom: what is wrong with it does not pass by itself.",
    );
    let recorder = Recorder::install(&COLUMNS[..2]);
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    one.replica.fill(5).await;
    one.run();
    two.catches_up(&one, &recorder).await;
    one.kill(&network).await;
    sleep(Duration::from_secs(1)).await;
    // Its directory is what it was before all these writes: empty.
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    introduce(&[&one, &two]).await;
    let recorder = Recorder::install(&COLUMNS[..2]);
    one.run();
    sleep(Duration::from_secs(300)).await;
    let story = recorder.transcript().to_string();
    let attempts = begins(&recorder).len();
    assert!((2..=20).contains(&attempts), "in five minutes a refused replica tried {attempts} times");
    let resumed = story.matches("resume after").count();
    assert_eq!(resumed, 0, "how often a replica that was restored from a backup was let in");
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_shutdown_ends_what_comes_in() {
    check::promise(
        "When a replica shuts down, the streams that peers have opened end at once, and their peers are told.",
    );
    let network = Network::new();
    let two = Node::serve(Replica::new(2).await, &network).await;
    let one = Node::serve(Replica::new(1).await, &network).await;
    introduce(&[&one, &two]).await;
    let before = tasks();
    let mut stream = Played::open(&two, &network, 100).await.unwrap();
    stream.says(change(3, "apple", object((3, 1), "green"))).await;
    settle().await;
    two.shutdown.begin();
    let mut story = stream.hears().await;
    drop(stream);
    settle().await;
    writeln!(story, "{}  tasks left: {}", two.metrics(&["streams"]).await, tasks() - before).unwrap();
    check::snapshot!("shutdown", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_newer_stream_ends_the_older() {
    check::promise(
        "Where a peer opens another stream, the one before it ends: it may hang on a connection that died silently.",
    );
    let network = Network::new();
    let two = Node::serve(Replica::new(2).await, &network).await;
    let one = Node::serve(Replica::new(1).await, &network).await;
    introduce(&[&one, &two]).await;
    let before = tasks();
    let mut older = Played::open(&two, &network, 100).await.unwrap();
    older.says(change(3, "apple", object((3, 1), "green"))).await;
    settle().await;
    let mut newer = Played::open(&two, &network, 100).await.unwrap();
    newer.says(change(4, "pear", object((4, 1), "green"))).await;
    let mut story = format!("older\n{}newer\n{}", older.hears().await, newer.hears().await);
    story += &two.metrics(&["streams"]).await;
    let _ = newer.says(ReplicateRequest { message: None }).await;
    story += &format!("at fault\n{}", newer.hears().await);
    drop((older, newer));
    settle().await;
    writeln!(story, "{}  tasks left: {}", two.metrics(&["streams"]).await, tasks() - before).unwrap();
    check::snapshot!("newer", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_peer_that_is_removed_is_left_alone() {
    check::promise(
        "When a peer is removed from the table, its stream ends; when the replica shuts down, all do.",
    );
    let recorder = Recorder::install(&COLUMNS);
    let network = network();
    let mut nodes = Vec::new();
    for id in 1..=3 {
        nodes.push(Node::serve(Replica::new(id).await, &network).await);
    }
    introduce(&nodes.iter().collect::<Vec<_>>()).await;
    nodes[0].run();
    nodes[2].catches_up(&nodes[0], &recorder).await;
    nodes[1].catches_up(&nodes[0], &recorder).await;
    sleep(Duration::from_secs(3)).await;
    let mut story = format!("three\n{}", nodes[0].metrics(&["streams", "lag_changes"]).await);
    nodes[0].peers.table().remove(store::ReplicaId(3)).await.unwrap();
    sleep(Duration::from_secs(3)).await;
    write!(story, "3 is removed\n{}", nodes[0].metrics(&["streams", "lag_changes"]).await).unwrap();
    nodes[0].stop().await;
    write!(story, "1 shuts down\n{}", nodes[0].metrics(&["streams"]).await).unwrap();
    check::snapshot!("removed", story);
}
