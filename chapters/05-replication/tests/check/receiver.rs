//! 5.2: the receiver's side.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fmt::Write as _;

use proto::replication::v1::replicate_request::Message as Request;
use proto::replication::v1::{Begin, Progress, ReplicateRequest};
use replication::{Receiver, response};

use crate::support::fleet::{Node, introduce};
use crate::support::messages::{begin, change, progress, progress_of, request};
use crate::support::played::Played;
use crate::support::{Replica, object, show_status, tombstone};

impl Replica {
    /// Brings messages to disk, as the driver does, and says what became of them.
    async fn receive(&self, receiver: &mut Receiver, requests: Vec<ReplicateRequest>) -> String {
        let batch = match receiver.receive(requests) {
            Ok(batch) => batch,
            Err(error) => return format!("  refused: {error}\n"),
        };
        let merge = self.merge.clone();
        let write = self.store.write(move |write| batch.apply(&merge, write).map(|done| (batch, done)));
        let (batch, done) = match write.await {
            Ok(done) => done,
            Err(_) => return "  the disk failed\n".into(),
        };
        let answer = batch.answer(&done);
        let answer = answer.map_or_else(|error| format!("refused: {error}"), |answer| response(&answer));
        let gap = if batch.has_gap(&done) { "; there is a gap" } else { "" };
        format!("  {:?}\n  {answer}; knows {} of replica 1{gap}\n", done.outcomes, self.knows(1).await)
    }
}

#[tokio::test]
async fn ex_5_2_where_to_resume() {
    check::promise("A stream resumes after what is known here; who gives numbers again is refused.");
    let cases = [
        ("an empty replica", begin(0, 7), 0),
        ("one that was here before", begin(0, 7), 5),
        ("one that has all", begin(0, 7), 7),
        ("one that lacks what was cut", begin(6, 7), 5),
        ("a sender without writes", begin(0, 0), 0),
        ("a sender that was restored from a backup", begin(0, 4), 5),
    ];
    let mut story = String::new();
    for (words, begin, known) in cases {
        let answer = Receiver::begin(&begin, known);
        let answer = answer.map_or_else(|error| format!("refused: {error}"), |(_, answer)| response(&answer));
        writeln!(story, "{words}: cut {}, clock {}, known {known}\n  {answer}", begin.cut, begin.clock)
            .unwrap();
    }
    check::snapshot!("resume", story);
}

#[tokio::test]
async fn ex_5_2_a_batch_is_one_write_and_comes_twice_without_harm() {
    check::promise(
        "What comes together goes to disk together, and is acknowledged then; a second time changes nothing.",
    );
    let replica = Replica::new(2).await;
    replica.put("fig", "mine").await;
    let (mut receiver, _) = Receiver::begin(&begin(0, 9), 0).unwrap();
    let requests = vec![
        change(3, "apple", object((3, 1), "green")),
        change(4, "pear", object((4, 1), "green")),
        change(6, "apple", object((6, 1), "red")),
        change(7, "plum", object((8, 3), "what replaced it")),
        progress(9),
    ];
    let before = replica.store.engine().stats().commits;
    let mut story = String::from("a batch\n") + &replica.receive(&mut receiver, requests.clone()).await;
    let commits = replica.store.engine().stats().commits - before;
    let log = replica.log.read(&replica.store, 0, 10).await.unwrap();
    story += &replica.show().await;
    story += "the same again, on another stream\n";
    let (mut second, _) = Receiver::begin(&begin(0, 9), 0).unwrap();
    story += &replica.receive(&mut second, requests[..2].to_vec()).await;
    story += &replica.show().await;
    story += "nothing but progress\n";
    story += &replica.receive(&mut second, vec![progress(12)]).await;
    check::snapshot!("batch", story);
    assert_eq!(commits, 1, "commits for one batch");
    assert_eq!(
        log.changes.len(),
        1,
        "changes in the log of replica 2: its own, and no echo of what it received"
    );
}

#[tokio::test]
async fn ex_5_2_only_what_came_is_acknowledged() {
    check::promise("A batch is acknowledged up to its last message; what is still on its way is not known.");
    let replica = Replica::new(2).await;
    let (mut receiver, _) = Receiver::begin(&begin(0, 9), 0).unwrap();
    let first = vec![change(3, "apple", object((3, 1), "green")), change(4, "pear", object((4, 1), "green"))];
    let mut story = String::from("the sender's clock stands at 9\n");
    story += &replica.receive(&mut receiver, first).await;
    story += &replica.receive(&mut receiver, vec![change(6, "fig", object((6, 1), "green"))]).await;
    story += &replica.receive(&mut receiver, vec![progress(9)]).await;
    check::snapshot!("came", story);
}

#[tokio::test]
async fn ex_5_2_what_is_known_is_passed_over() {
    check::promise(
        "A change that is known already is passed over: what it carries may have been forgotten here since.",
    );
    let replica = Replica::new(2).await;
    replica.learns(1, 5).await;
    let (mut receiver, _) = Receiver::begin(&begin(0, 7), 3).unwrap();
    let requests = vec![
        change(4, "apple", object((4, 3), "of replica 3, deleted and forgotten here")),
        change(5, "plum", object((6, 3), "the same, and the last that is known")),
        change(7, "pear", object((7, 1), "green")),
    ];
    let story = replica.receive(&mut receiver, requests).await + &replica.show().await;
    check::snapshot!("known", story);
}

#[tokio::test]
async fn ex_5_2_a_crash_before_or_after_the_disk() {
    check::promise(
        "A crash before the disk loses the batch whole, and it comes again; one after it loses only the answer.",
    );
    let mut story = String::new();
    for (words, commits) in [("before", 0), ("after", 1)] {
        let mut replica = Replica::new(2).await;
        let (mut receiver, _) = Receiver::begin(&begin(0, 4), 0).unwrap();
        let requests =
            vec![change(3, "apple", object((3, 1), "green")), change(4, "pear", object((4, 1), "green"))];
        replica.disk.fail_after(commits);
        let came = replica.receive(&mut receiver, requests.clone()).await;
        replica = replica.restart().await;
        let known = replica.knows(1).await;
        let (_, resume) = Receiver::begin(&begin(0, 4), known).unwrap();
        write!(
            story,
            "a crash {words} the disk\n{came}  back: {}\n{}",
            response(&resume),
            replica.show().await
        )
        .unwrap();
    }
    check::snapshot!("crash", story);
}

#[tokio::test]
async fn ex_5_2_a_gap_is_no_knowledge() {
    check::promise(
        "Behind a gap changes are stored and acknowledged only as far as all is known; when the gap is closed, all is.",
    );
    let replica = Replica::new(2).await;
    let (mut receiver, _) = Receiver::begin(&begin(10, 14), 0).unwrap();
    let mut story = String::from("the log begins after 10, nothing is known\n");
    story += &replica.receive(&mut receiver, vec![change(11, "apple", object((11, 1), "green"))]).await;
    story += &replica.receive(&mut receiver, vec![progress(12)]).await;
    // What a pass of anti-entropy leaves: all that replica 1 held when it began.
    replica.learns(1, 12).await;
    story += "anti-entropy has brought all up to 12\n";
    story += &replica.receive(&mut receiver, vec![change(14, "pear", object((14, 1), "green"))]).await;
    story += &replica.show().await;
    check::snapshot!("gap", story);
}

#[tokio::test]
async fn ex_5_2_a_gap_of_one() {
    check::promise(
        "One write that is missing is a gap; who knows all up to the place where the log was cut has none.",
    );
    let mut story = String::new();
    for known in [9, 10, 11] {
        let replica = Replica::new(2).await;
        replica.learns(1, known).await;
        let (mut receiver, _) = Receiver::begin(&begin(10, 14), known).unwrap();
        writeln!(story, "the log begins after 10, all up to {known} is known").unwrap();
        story += &replica.receive(&mut receiver, vec![change(12, "apple", object((12, 1), "green"))]).await;
    }
    check::snapshot!("gap_of_one", story);
}

#[tokio::test]
async fn ex_5_2_a_deletion_is_a_write() {
    check::promise(
        "A deletion that comes is stored like any write, also of a key that this replica wrote, and of one that it \
         never had: an older value may still be on its way.",
    );
    let replica = Replica::new(2).await;
    replica.put("fig", "mine").await;
    replica.take("kiwi", object((2, 3), "of replica 3")).await;
    let (mut receiver, _) = Receiver::begin(&begin(0, 9), 0).unwrap();
    let requests = vec![
        change(3, "apple", object((3, 1), "green")),
        change(4, "apple", tombstone((4, 1))),
        change(5, "fig", tombstone((5, 1))),
        change(6, "kiwi", tombstone((6, 1))),
        change(7, "plum", tombstone((7, 1))),
    ];
    let mut story = replica.receive(&mut receiver, requests).await + &replica.show().await;
    story += "an older value of plum, which replica 3 had written\n";
    replica.take("plum", object((3, 3), "old")).await;
    story += &replica.show().await;
    check::snapshot!("deletions", story);
}

#[tokio::test]
async fn ex_5_2_an_echo_holds_up_nothing() {
    check::promise(
        "What was deleted and forgotten here stays away, and is known all the same: the sender need not send it again.",
    );
    let replica = Replica::new(2).await;
    replica.learns(3, 20).await;
    let (mut receiver, _) = Receiver::begin(&begin(0, 9), 0).unwrap();
    let echo = change(4, "plum", object((20, 3), "deleted and forgotten here"));
    let story = replica.receive(&mut receiver, vec![echo]).await + &replica.show().await;
    check::snapshot!("echo", story);
}

#[tokio::test]
async fn ex_5_2_its_own_write_comes_back() {
    check::promise(
        "A write of this replica that comes back is looked at like any other: one that it never made shows that its \
         directory is an older copy, and it takes no writes from then on.",
    );
    let replica = Replica::new(2).await;
    replica.put("fig", "mine").await;
    let mine = replica.put("fig", "mine").await;
    let (mut receiver, _) = Receiver::begin(&begin(0, 9), 0).unwrap();
    let mut story = String::from("what it holds\n");
    story += &replica.receive(&mut receiver, vec![change(1, "fig", mine.clone())]).await;
    story += "another write under its number\n";
    let other = store::Object { content: store::Content::Value(b"never mine".to_vec()), ..mine };
    replica.receive(&mut receiver, vec![change(2, "fig", other)]).await;
    let takes = if replica.store.hold().is_some() { "no writes any more" } else { "writes" };
    writeln!(story, "  replica 2 takes {takes}").unwrap();
    check::snapshot!("own", story + &replica.show().await);
}

#[tokio::test]
async fn ex_5_2_what_is_refused_is_not_known() {
    check::promise("A write that is refused is neither stored nor acknowledged, nor is what comes after it.");
    let replica = Replica::new(2).await;
    let (mut receiver, _) = Receiver::begin(&begin(0, u64::MAX), 0).unwrap();
    let requests = vec![
        change(3, "apple", object((3, 1), "green")),
        change(4, "pear", object((1 << 61, 3), "what replaced it")),
        change(5, "plum", object((5, 1), "blue")),
    ];
    let mut story = replica.receive(&mut receiver, requests).await;
    story += &replica.show().await;
    story += &replica.receive(&mut receiver, vec![ReplicateRequest { message: None }]).await;
    check::snapshot!("refused", story);
}

#[tokio::test]
async fn ex_5_2_a_number_that_was_given_twice() {
    check::promise(
        "A write whose number another one has is reported and not stored; it holds up nothing that comes after it.",
    );
    let replica = Replica::new(2).await;
    replica.take("apple", object((3, 1), "green")).await;
    replica.take("kiwi", object((7, 1), "green")).await;
    let (mut receiver, _) = Receiver::begin(&begin(0, 4), 0).unwrap();
    let requests =
        vec![change(3, "apple", object((3, 1), "another write")), change(4, "pear", object((4, 1), "green"))];
    let mut story = replica.receive(&mut receiver, requests).await;
    story += &replica.receive(&mut receiver, vec![change(5, "apple", object((5, 1), "red"))]).await;
    story += "the last of a batch\n";
    let last = vec![change(6, "fig", object((6, 1), "red")), change(7, "kiwi", object((7, 1), "blue"))];
    story += &replica.receive(&mut receiver, last).await;
    check::snapshot!("breach", story + &replica.show().await);
}

#[tokio::test]
async fn ex_5_2_a_stream_of_one_says_nothing_else() {
    check::promise(
        "A stream of replica 1 tells of its own writes, forwards, and only of what it knows itself; all else ends it, and nothing is known by it.",
    );
    let mut story = String::new();
    let too_many = (1..=1001).map(|replica| proto::object::v1::Version { counter: 1, replica });
    let knows = |knowledge| request(Request::Progress(Progress { sequence: 1, knowledge }));
    let apple = |sequence| change(sequence, "apple", object((sequence, 1), "green"));
    let cases = [
        ("a change twice", vec![apple(3), apple(3)]),
        ("one that goes back", vec![apple(5), change(4, "pear", object((4, 1), "green"))]),
        ("an object that is earlier than the change", vec![change(7, "apple", object((6, 3), "green"))]),
        ("an object that replaced the write", vec![change(7, "apple", object((7, 3), "green"))]),
        ("progress that goes back", vec![apple(5), progress_of(4, 9)]),
        ("progress that stays", vec![apple(5), progress_of(5, 9)]),
        ("progress to 2^40 of one that knows of itself up to 9", vec![progress_of(1 << 40, 9)]),
        ("knowledge of 1,001 replicas", vec![knows(too_many.collect())]),
        ("knowledge of replica 0", vec![knows(vec![proto::object::v1::Version { counter: 9, replica: 0 }])]),
        ("knowledge of others", vec![knows(vec![version(1, 1), version(900, 2), version(900, 3)])]),
    ];
    for (words, requests) in cases {
        let replica = Replica::new(2).await;
        let (mut receiver, _) = Receiver::begin(&begin(0, 9), 0).unwrap();
        let came = replica.receive(&mut receiver, requests).await;
        let known = replica.merge.knowledge(&replica.store).await.unwrap();
        writeln!(story, "{words}\n{came}  replica 2 knows {known}").unwrap();
    }
    check::snapshot!("stream", story);
}

fn version(counter: u64, replica: u64) -> proto::object::v1::Version {
    proto::object::v1::Version { counter, replica }
}

#[tokio::test]
async fn ex_5_2_a_bad_entry_holds_up_nothing() {
    check::promise(
        "What cannot be an entry of the peer table is refused and counted; all that comes after it comes in.",
    );
    let network = net::Network::new();
    let two = Node::serve(Replica::new(2).await, &network).await;
    let entry = |sequence, name: &str| {
        let mut request = change(sequence, name, object((sequence, 1), "no Peer"));
        if let Some(Request::Change(change)) = &mut request.message {
            change.namespace = if name == "1" { b"atoll.other".to_vec() } else { b"atoll.peers".to_vec() };
        }
        request
    };
    let (mut receiver, _) = Receiver::begin(&begin(0, 9), 0).unwrap();
    let requests =
        vec![entry(3, "9"), entry(4, "nine"), entry(5, "1"), change(6, "fig", object((6, 1), "green"))];
    let mut story = two.replica.receive(&mut receiver, requests).await;
    let peers: Vec<_> = two.peers.table().peers().await.unwrap().iter().map(|peer| peer.replica).collect();
    writeln!(story, "  the table of replica 2: {peers:?}\n{}", two.replica.show().await).unwrap();
    check::snapshot!("bad_entries", story);
}

#[tokio::test(start_paused = true)]
async fn ex_5_2_who_may_not_send() {
    check::promise(
        "Who is not known, was removed or left behind, or means another replica, is told so at the first message.",
    );
    let network = net::Network::new();
    let two = Node::serve(Replica::new(2).await, &network).await;
    let one = Node::serve(Replica::new(1).await, &network).await;
    let mut client = two.client(&network, 1).await;
    let mut story = String::new();
    let mut try_it = async |words: &str, begin: Begin| {
        let status = Played::over(&mut client, begin).await.err();
        let words = format!("{words}\n  {}\n", status.map_or("let in".into(), |status| show_status(&status)));
        story += &words;
    };
    try_it("a replica that is not known", begin(0, 7)).await;
    introduce(&[&one, &two]).await;
    try_it("one that means replica 3", Begin { to: 3, ..begin(0, 7) }).await;
    try_it("one that speaks another protocol", Begin { protocol: 9, ..begin(0, 7) }).await;
    two.replica.merge.leave_behind(&two.replica.store, one.replica.id).await.unwrap();
    try_it("one that was left behind", begin(0, 7)).await;
    two.peers.table().remove(one.replica.id).await.unwrap();
    try_it("one that was removed", begin(0, 7)).await;
    check::snapshot!("who", story);
}
