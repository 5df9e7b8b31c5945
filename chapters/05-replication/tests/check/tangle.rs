//! 5.4: send and receive, untangled.

use net::Network;
use proto::replication::v1::ReplicateRequest;
use replication::CREDIT;
use transcript::Recorder;

use crate::support::fake::{Then, fake};
use crate::support::fleet::{COLUMNS, MS, Node, introduce, network};
use crate::support::messages::{begin, change};
use crate::support::played::Played;
use crate::support::{Replica, logs, object, settle, tasks};

/// So small that a few messages fill it: what takes days with real windows takes a moment.
const WINDOW: u32 = 256;

#[tokio::test(start_paused = true)]
async fn ex_5_4_two_replicas_do_not_wait_for_each_other() {
    check::promise("Whatever is on its way, both ends go on: no replica waits for one that waits for it.");
    let recorder = Recorder::install(&COLUMNS[..2]);
    let network = Network::with_window(WINDOW);
    network.latency(1, 2, MS * 40);
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    one.replica.fill(200).await;
    one.run();
    two.catches_up(&one, &recorder).await;
    let story = recorder.transcript().to_string();
    for number in 2..=201 {
        let times = story.matches(&format!("▶ change {number}@1")).count();
        assert_eq!(times, 1, "how often change {number}@1 was received");
    }
}

#[tokio::test(start_paused = true)]
async fn ex_5_4_changes_that_come_together_share_a_write() {
    check::promise(
        "What has arrived together goes to disk together: sixty changes do not wait sixty times for the disk.",
    );
    let recorder = Recorder::install(&COLUMNS[..2]);
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    one.replica.fill(60).await;
    let before = two.replica.store.engine().stats().commits;
    one.run();
    two.catches_up(&one, &recorder).await;
    let commits = two.replica.store.engine().stats().commits - before;
    assert!(commits <= 30, "60 changes that were sent together went to disk in {commits} commits");
}

#[tokio::test(start_paused = true)]
async fn ex_5_4_each_half_ends_with_the_other() {
    check::promise(
        "When the stream ends, or fails on either side, both halves end, what had arrived is on disk, no task is left; a \
         failure is no good end.",
    );
    let network = Network::new();
    let mut two = Node::serve(Replica::new(2).await, &network).await;
    let one = Node::serve(Replica::new(1).await, &network).await;
    introduce(&[&one, &two]).await;
    let mut client = two.client(&network, 1).await;
    drop(Played::over(&mut client, begin(0, 100)).await.unwrap());
    settle().await;
    let idle = tasks();
    let mut story = String::new();
    let ends = ["the sender ends it", "the sender is at fault", "the disk fails", "the connection breaks"];
    for (round, words) in (0..).zip(ends) {
        logs::collect();
        if round == 3 {
            // A new process on the same disk.
            two = Node::serve(two.kill(&network).await, &network).await;
            client = two.client(&network, 1).await;
        }
        let mut stream = Played::over(&mut client, begin(0, 100)).await.unwrap();
        for number in 1..=3 {
            let sequence = 10 * round + number;
            stream.says(change(sequence, &format!("key-{sequence}"), object((sequence, 1), words))).await;
        }
        if round > 0 {
            settle().await;
        }
        match round {
            0 => stream.ends(),
            1 => drop(stream.says(ReplicateRequest { message: None }).await),
            2 => {
                two.replica.disk.fail_after(0);
                stream.says(change(40, "key", object((40, 1), "x"))).await;
            }
            _ => network.reset(1, 2),
        }
        story += &format!("{words}\n{}", stream.hears().await);
        settle().await;
        // The test still holds its own end: a replica ends its end, whatever the other does.
        story += &format!("  tasks left: {}\n", tasks().saturating_sub(idle));
        let told = logs::collected().contains("a stream from a peer has ended");
        story += if told { "  logged as a failure\n" } else { "  logged as a good end\n" };
    }
    check::snapshot!("halves", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_4_who_sends_without_credit_is_stopped() {
    check::promise(
        "There is room for all that a peer has credit for, though it reads nothing; what goes beyond ends the stream.",
    );
    // So few answers fit that this end soon waits to send, and takes nothing more out of its channel.
    let network = Network::with_window(64);
    let two = Node::serve(Replica::new(2).await, &network).await;
    let one = Node::serve(Replica::new(1).await, &network).await;
    introduce(&[&one, &two]).await;
    let mut stream = Played::open(&two, &network, 10_000).await.unwrap();
    let mut said = 0;
    while said < 2000 && stream.says(change(said + 1, "key", object((said + 1, 1), "x"))).await {
        said += 1;
    }
    assert!(said >= u64::from(CREDIT), "the peer has credit for {CREDIT} messages, and {said} were taken in");
    assert!(said < 500, "the peer reads nothing, has credit for {CREDIT} messages, and {said} were taken in");
    let heard = stream.hears().await;
    assert!(
        heard.contains("ResourceExhausted"),
        "a peer that sent more than it had credit for hears\n{heard}"
    );
}

#[tokio::test(start_paused = true)]
async fn ex_5_4_large_changes_wait_for_room() {
    check::promise(
        "A peer may send all that it has credit for; of large values only a few are in memory here.",
    );
    // Some seventy answers fit; then this end waits to send, and takes nothing more out of its channel.
    let network = Network::with_window(1024);
    let two = Node::serve(Replica::new(2).await, &network).await;
    let one = Node::serve(Replica::new(1).await, &network).await;
    introduce(&[&one, &two]).await;
    let mut stream = Played::open(&two, &network, 10_000).await.unwrap();
    let value = "x".repeat(20_000);
    let mut said = 0;
    while said < u64::from(CREDIT)
        && stream.says(change(said + 1, "key", object((said + 1, 1), &value))).await
    {
        said += 1;
    }
    assert!(said < 200, "the peer reads nothing, and {said} changes of {} bytes were taken in", value.len());
    let heard = stream.hears().await;
    assert!(heard.contains("ack up to"), "whoever reads the answers goes on\n{heard}");
}

#[tokio::test(start_paused = true)]
async fn ex_5_4_both_halves_end_where_the_stream_is_given_up() {
    check::promise(
        "When a replica gives a stream up, both halves end at once, though the other end never does.",
    );
    let network = Network::new();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    network.serve(2, fake(Then::SaysNothing));
    one.peers.channel(two.replica.id).await.unwrap();
    settle().await;
    let before = tasks();
    one.run();
    settle().await;
    assert!(one.metrics(&["streams"]).await.contains(" 1"), "the stream is not open");
    one.stop().await;
    settle().await;
    assert_eq!(tasks(), before, "tasks after the stream was given up, and before it was opened");
}
