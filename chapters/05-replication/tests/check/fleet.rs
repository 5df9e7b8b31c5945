//! All of the chapter together: three replicas in three regions.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;
use std::time::Duration;

use peers::Role;
use proto::replication::v1::replicate_request::Message as Request;
use rpc::replication::v1::replication_client::ReplicationClient;
use serve::{Caller, Holder};
use store::{ReplicaId, Version};
use tokio::time::sleep;
use tonic::service::Routes;
use transcript::Recorder;

use crate::support::fake::{Then, fake};
use crate::support::fleet::{COLUMNS, MS, Node, in_order, introduce, network};
use crate::support::messages::{begin, request};
use crate::support::{Replica, key, logs};

/// Three replicas that have told one another all there was to tell.
async fn three(network: &net::Network) -> [Node; 3] {
    let mut nodes = [
        Node::serve(Replica::new(1).await, network).await,
        Node::serve(Replica::new(2).await, network).await,
        Node::serve(Replica::new(3).await, network).await,
    ];
    introduce(&nodes.each_ref()).await;
    nodes.iter_mut().for_each(Node::run);
    // In the middle between two ticks.
    sleep(MS * 10_500).await;
    nodes
}

/// Two replicas, of which the first sends to the second.
async fn two_of_them(network: &net::Network) -> (Node, Node) {
    let mut one = Node::serve(Replica::new(1).await, network).await;
    let two = Node::serve(Replica::new(2).await, network).await;
    introduce(&[&one, &two]).await;
    one.run();
    sleep(MS * 10_500).await;
    (one, two)
}

#[tokio::test(start_paused = true)]
async fn ex_5_4_a_write_on_one_is_read_on_the_others() {
    check::promise("A write on one replica is read on the others one way later, and nobody sends it on.");
    let network = network();
    let nodes = three(&network).await;
    let recorder = Recorder::install(&COLUMNS);
    nodes[0].replica.put("apple", "green").await;
    sleep(MS * 250).await;
    nodes[1].replica.put("apple", "red").await;
    sleep(MS * 200).await;
    let mut story = in_order(&recorder.transcript()) + "\n";
    for node in &nodes {
        write!(story, "\nreplica {} holds\n{}", node.replica.id, node.replica.show().await).unwrap();
    }
    check::snapshot!("write", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_4_a_peer_that_never_reads_costs_no_memory() {
    check::promise(
        "A peer that never acknowledges gets what it gave credit for; the rest waits in the log, and the lag shows it.",
    );
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    // In the place of replica 2: it takes the stream, and says nothing any more.
    network.serve(2, fake(Then::SaysNothing));
    one.run();
    sleep(Duration::from_secs(1)).await;
    one.replica.fill(500).await;
    one.replica.clock.step(Duration::from_secs(30));
    sleep(Duration::from_secs(10)).await;
    check::snapshot!("never", one.metrics(&["sent_changes", "log", "lag"]).await);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_nobody_acknowledges_what_was_never_written() {
    check::promise(
        "An acknowledgement of more than was ever written is not believed: nothing of the log is cut for it.",
    );
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    network.serve(2, fake(Then::Acknowledges(1 << 50)));
    one.replica.fill(5).await;
    one.run();
    sleep(Duration::from_secs(30)).await;
    check::snapshot!("never_written", one.metrics(&["log", "lag_changes"]).await);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_what_was_acknowledged_is_not_sent_again() {
    check::promise(
        "After a break the stream resumes: what was acknowledged is not sent again, what was lost is.",
    );
    let network = network();
    let (one, _two) = two_of_them(&network).await;
    let recorder = Recorder::install(&COLUMNS[..2]);
    one.replica.put("apple", "green").await;
    sleep(MS * 100).await;
    one.replica.put("pear", "green").await;
    sleep(MS * 20).await;
    network.reset(1, 2);
    recorder.note(1, "the connection breaks");
    sleep(MS * 450).await;
    check::snapshot!("break", recorder.transcript());
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_crashes_on_either_side() {
    check::promise(
        "A crash of the sender before it sends, or of the receiver before its answer arrives, loses nothing.",
    );
    let network = network();
    let (mut one, mut two) = two_of_them(&network).await;
    let recorder = Recorder::install(&COLUMNS[..2]);
    one.replica.put("apple", "green").await;
    // On disk, and not a byte of it is on its way.
    let replica = one.kill(&network).await;
    recorder.note(1, "killed after its write");
    sleep(MS * 100).await;
    one = Node::serve(replica, &network).await;
    recorder.note(1, "is back");
    one.run();
    sleep(MS * 400).await;
    one.replica.put("pear", "green").await;
    sleep(MS * 60).await;
    let replica = two.kill(&network).await;
    recorder.note(2, "killed, its answer is on its way");
    sleep(MS * 20).await;
    two = Node::serve(replica, &network).await;
    recorder.note(2, "is back");
    sleep(MS * 500).await;
    let story = format!("{}\nreplica 2 holds\n{}", recorder.transcript(), two.replica.show().await);
    check::snapshot!("crashes", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_peer_that_was_away_for_long() {
    check::promise(
        "A peer that lacks more than the log holds is told so on both sides; one that falls behind and catches up is logged.",
    );
    logs::collect();
    let network = network();
    let mut one = Node::serve(Replica::with_log(1, 20).await, &network).await;
    let mut two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    one.run();
    sleep(Duration::from_secs(10)).await;
    let mut story = String::new();
    for writes in [15, 50] {
        let replica = two.kill(&network).await;
        one.replica.fill(writes).await;
        one.replica.clock.step(Duration::from_secs(20));
        sleep(Duration::from_secs(20)).await;
        write!(
            story,
            "{writes} writes while replica 2 is away\n{}",
            one.metrics(&["lag", "log", "gap"]).await
        )
        .unwrap();
        two = Node::serve(replica, &network).await;
        sleep(Duration::from_secs(20)).await;
        write!(story, "replica 2 is back\n{}", one.metrics(&["lag", "log", "gap"]).await).unwrap();
        write!(story, "seen from there\n{}", two.metrics(&["gap", "received_changes"]).await).unwrap();
    }
    let tells = |line: &&str| !line.contains("has ended");
    logs::collected().lines().filter(tells).for_each(|line| writeln!(story, "{line}").unwrap());
    check::snapshot!("away", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_write_that_nobody_would_take_holds_up_nothing() {
    check::promise(
        "A write that an older program let grow beyond the rules is not sent; all that comes after it arrives.",
    );
    let network = network();
    let (one, two) = two_of_them(&network).await;
    let fat = move |write: &mut store::Write<'_, '_>| {
        let mut fat = write.put(&key("apple"), b"fat".to_vec())?;
        (1_000..3_000)
            .for_each(|replica| fat.vector.include(Version { counter: 1, replica: ReplicaId(replica) }));
        write.store(&key("apple"), None, &fat)
    };
    one.replica.store.write(fat).await.unwrap();
    one.replica.put("pear", "green").await;
    sleep(MS * 3_000).await;
    let mut story =
        format!("apple has a vector of 2,001 replicas; replica 2 holds\n{}", two.replica.show().await);
    story += &format!(
        "and knows {} of replica 1, at {}\n",
        two.replica.knows(1).await,
        one.replica.store.clock().await.unwrap()
    );
    one.replica.put("apple", "anew").await;
    sleep(MS * 3_000).await;
    story += &format!("apple is put again; replica 2 holds\n{}", two.replica.show().await);
    check::snapshot!("not_sent", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_nobody_opens_a_stream_for_another_replica() {
    check::promise("A stream is for replicas, and who opens it in the name of one has its certificate.");
    let network = network();
    let nodes = [
        Node::serve(Replica::new(1).await, &network).await,
        Node::serve(Replica::new(2).await, &network).await,
        Node::serve(Replica::new(3).await, &network).await,
    ];
    introduce(&nodes.each_ref()).await;
    let mut story = String::from("replica 2 is sent a stream of replica 1\n");
    for holder in [Holder::Client, Holder::Operator, Holder::Replica(3)] {
        let routes = serve::guard(Routes::new(nodes[1].replicator.server()), Role::rule);
        let channel = net::connect_as(Caller::Certified(holder.clone()), routes).await;
        let begin = request(Request::Begin(begin(0, 9)));
        let sent = ReplicationClient::new(channel).replicate(tokio_stream::iter([begin])).await;
        let refused = sent.map(|_| "taken").unwrap_err();
        writeln!(story, "by {holder}\n  {:?}: {}", refused.code(), refused.message()).unwrap();
    }
    check::snapshot!("claims", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_5_a_restored_directory_is_refused() {
    check::promise(
        "A replica whose directory was restored from a backup is refused, and both sides say what to do.",
    );
    logs::collect();
    let network = network();
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    one.replica.fill(5).await;
    one.run();
    sleep(Duration::from_secs(3)).await;
    drop(one.kill(&network).await);
    // An empty directory is the oldest backup.
    let mut restored = Node::serve(Replica::new(1).await, &network).await;
    introduce(&[&restored, &two]).await;
    logs::collect();
    restored.run();
    sleep(Duration::from_secs(3)).await;
    check::snapshot!("restored", logs::collected());
}
