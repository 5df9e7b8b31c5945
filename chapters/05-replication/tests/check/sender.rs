//! 5.3: the sender's side.
#![allow(clippy::unwrap_used)]

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::time::Duration;

use proto::replication::v1::{ReplicateRequest, ReplicateResponse};
use replication::{CREDIT, Error, Page, Sender, request, response};
use store::ReplicaId;
use transcript::Transcript;

use crate::support::messages::{ack, resume};
use crate::support::{Replica, key, object};

impl Replica {
    /// The sender's side of a stream to replica 2.
    async fn sender(&self) -> Sender {
        let cut = self.log.was_cut(&self.store).await.unwrap().sequence;
        Sender::new(self.id, ReplicaId(2), cut, self.store.clock().await.unwrap())
    }

    /// Sends what may be sent, page by page, as the driver does.
    async fn send(&self, sender: &mut Sender) -> Vec<ReplicateRequest> {
        let mut messages = Vec::new();
        for _ in 0..100 {
            let Some((sequence, limit)) = sender.wants() else { break };
            let page = self.log.read(&self.store, sequence, limit).await.unwrap();
            let more = page.more;
            messages.extend(sender.read(page).unwrap());
            if !more {
                break;
            }
        }
        messages
    }

    async fn tick(&self, sender: &mut Sender) -> Option<ReplicateRequest> {
        sender.tick(self.merge.knowledge(&self.store).await.unwrap())
    }
}

fn show(messages: &[ReplicateRequest]) -> String {
    messages.iter().map(|message| format!("  1 says {}\n", request(message))).collect()
}

fn show_read(read: Result<Vec<ReplicateRequest>, Error>) -> String {
    read.map_or_else(|error| format!("  1 ends the stream: {error}\n"), |messages| show(&messages))
}

/// Says what the peer answers, and what the sender does then.
async fn answer(story: &mut String, replica: &Replica, sender: &mut Sender, answer: ReplicateResponse) {
    writeln!(story, "  2 says {}", response(&answer)).unwrap();
    match sender.receive(answer) {
        Ok(()) => *story += &show(&replica.send(sender).await),
        Err(error) => writeln!(story, "  1 ends the stream: {error}").unwrap(),
    }
}

#[tokio::test]
async fn ex_5_3_credit_bounds_what_is_under_way() {
    check::promise(
        "The sender sends as much as it has credit for, in order, each write once, and waits for more.",
    );
    let replica = Replica::new(1).await;
    let mut sender = replica.sender().await;
    for name in ["apple", "pear", "fig", "date", "lime", "apple"] {
        replica.put(name, "green").await;
    }
    let mut story = show(&replica.send(&mut sender).await);
    answer(&mut story, &replica, &mut sender, resume(0, 3)).await;
    answer(&mut story, &replica, &mut sender, ack(1, 1)).await;
    story += "nothing more may be sent\n";
    story += &show(&replica.send(&mut sender).await);
    answer(&mut story, &replica, &mut sender, ack(4, 3)).await;
    answer(&mut story, &replica, &mut sender, ack(6, 2)).await;
    story += "four writes, and credit for three\n";
    for name in ["kiwi", "nut", "oat", "pea"] {
        replica.put(name, "green").await;
    }
    story += &show(&replica.send(&mut sender).await);
    writeln!(story, "acknowledged: {:?}", sender.acknowledged()).unwrap();
    check::snapshot!("credit", story);
}

#[tokio::test]
async fn ex_5_3_a_deletion_is_sent_like_any_write() {
    check::promise(
        "A deletion is sent like any other write, and so is what replaced a write; each costs one credit. Only what was \
         forgotten is passed over, and what comes after it is not.",
    );
    let replica = Replica::new(1).await;
    replica.put("apple", "green").await;
    replica.store.delete(&key("apple")).await.unwrap();
    replica.put("kiwi", "green").await;
    let forgotten = replica.store.delete(&key("kiwi")).await.unwrap().unwrap();
    replica.store.write(move |write| write.forget(&key("kiwi"), &forgotten)).await.unwrap();
    replica.put("fig", "green").await;
    replica.take("fig", object((8, 3), "blue")).await;
    replica.take("plum", object((9, 3), "blue")).await;
    replica.store.delete(&key("plum")).await.unwrap();
    let mut sender = replica.sender().await;
    let mut story = String::new();
    answer(&mut story, &replica, &mut sender, resume(0, 10)).await;
    writeln!(story, "credit left: {}", sender.wants().map_or(0, |(_, limit)| limit)).unwrap();
    check::snapshot!("deletion", story);
}

#[tokio::test]
async fn ex_5_3_credit_without_end() {
    check::promise("Whatever credit a peer gives, the sender goes on; it ends with no error of arithmetic.");
    let replica = Replica::new(1).await;
    replica.put("apple", "green").await;
    let mut sender = replica.sender().await;
    let mut story = String::new();
    answer(&mut story, &replica, &mut sender, resume(0, u32::MAX)).await;
    answer(&mut story, &replica, &mut sender, ack(1, u32::MAX)).await;
    replica.put("pear", "green").await;
    story += &show(&replica.send(&mut sender).await);
    check::snapshot!("endless", story);
}

#[tokio::test]
async fn ex_5_3_a_peer_that_never_answers() {
    check::promise(
        "To a peer that never answers nothing is sent beyond its first credit, however many writes there are.",
    );
    let replica = Replica::new(1).await;
    let mut sender = replica.sender().await;
    sender.receive(resume(0, CREDIT)).unwrap();
    let mut sent = 0;
    for _ in 0..20 {
        replica.fill(25).await;
        sent += replica.send(&mut sender).await.len();
        sent += usize::from(replica.tick(&mut sender).await.is_some());
    }
    assert_eq!(sent, CREDIT as usize, "messages to a peer that never answers; it gave credit for {CREDIT}");
    assert_eq!(sender.wants(), None, "what the sender wants to read without credit");
    assert_eq!(replica.log.length(&replica.store).await.unwrap(), 500, "the log holds the rest");
}

#[tokio::test]
async fn ex_5_3_a_stream_resumes_where_the_peer_is() {
    check::promise(
        "A stream begins after what the peer has: what it acknowledged is not sent again, what it lacks is.",
    );
    let replica = Replica::new(1).await;
    for name in ["apple", "pear", "fig", "date", "apple"] {
        replica.put(name, "green").await;
    }
    replica.take("plum", object((8, 3), "blue")).await;
    replica.take("pear", object((9, 3), "blue")).await;
    let mut story = String::new();
    for after in [0, 3, 5, 7, 9] {
        writeln!(story, "a new stream").unwrap();
        let mut sender = replica.sender().await;
        writeln!(story, "  1 says {}", request(&sender.begin())).unwrap();
        answer(&mut story, &replica, &mut sender, resume(after, 64)).await;
    }
    writeln!(story, "a peer with writes that were never made").unwrap();
    let mut sender = replica.sender().await;
    answer(&mut story, &replica, &mut sender, resume(10, 64)).await;
    check::snapshot!("resumes", story);
}

#[tokio::test]
async fn ex_5_3_what_the_log_no_longer_holds() {
    check::promise(
        "A peer that lacks what was cut gets what there is, and is known to have a gap; nothing is left out silently.",
    );
    let replica = Replica::with_log(1, 4).await;
    replica.fill(10).await;
    replica.log.cut(&replica.store, 0).await.unwrap();
    let mut story = String::from("the log holds 7 to 10\n");
    let mut sender = replica.sender().await;
    writeln!(story, "  1 says {}", request(&sender.begin())).unwrap();
    answer(&mut story, &replica, &mut sender, resume(3, 2)).await;
    writeln!(story, "gap: {}", sender.has_gap()).unwrap();
    answer(&mut story, &replica, &mut sender, ack(3, 1)).await;
    story += "anti-entropy brings the peer all up to 10\n";
    answer(&mut story, &replica, &mut sender, ack(10, 2)).await;
    writeln!(story, "gap: {}", sender.has_gap()).unwrap();
    story += "the peer is slow, and the log is cut at 13\n";
    replica.fill(7).await;
    replica.log.cut(&replica.store, 0).await.unwrap();
    let (sequence, limit) = sender.wants().unwrap();
    story += &show_read(sender.read(replica.log.read(&replica.store, sequence, limit).await.unwrap()));
    check::snapshot!("gap", story);
}

#[tokio::test]
async fn ex_5_3_the_log_is_cut_behind_what_was_sent() {
    check::promise(
        "What was sent may be cut, acknowledged or not; what was not sent may not, even if no change is left.",
    );
    let replica = Replica::with_log(1, 4).await;
    replica.fill(4).await;
    let mut sender = replica.sender().await;
    let mut story = String::new();
    answer(&mut story, &replica, &mut sender, resume(0, 64)).await;
    answer(&mut story, &replica, &mut sender, ack(1, 1)).await;
    replica.fill(2).await;
    replica.log.cut(&replica.store, 0).await.unwrap();
    story += "sent up to 4, acknowledged up to 1; the log is cut at 2\n";
    let (sequence, limit) = sender.wants().unwrap();
    let page = replica.log.read(&replica.store, sequence, limit).await.unwrap();
    assert_eq!(page.cut, 2, "where the log was cut");
    story += &show_read(sender.read(page));
    story += "sent up to 6; the log is cut at 7, and empty\n";
    story += &show_read(sender.read(Page { changes: Vec::new(), through: 9, more: false, cut: 7 }));
    check::snapshot!("behind", story);
}

#[tokio::test]
async fn ex_5_3_progress_is_told_once() {
    check::promise(
        "Progress is told when there is some, within the credit, and once; idle replicas are silent.",
    );
    let replica = Replica::new(1).await;
    let mut sender = replica.sender().await;
    let mut story = String::new();
    let mut ticked = |words: &str, message: Option<ReplicateRequest>| {
        let message = message.map_or("nothing".into(), |message| request(&message));
        writeln!(story, "{words}: 1 says {message}").unwrap();
    };
    ticked("before the peer has answered", replica.tick(&mut sender).await);
    sender.receive(resume(0, 3)).unwrap();
    replica.send(&mut sender).await;
    ticked("idle", replica.tick(&mut sender).await);
    ticked("still idle", replica.tick(&mut sender).await);
    replica.put("apple", "green").await;
    replica.send(&mut sender).await;
    ticked("after a write", replica.tick(&mut sender).await);
    replica.take("plum", object((8, 3), "blue")).await;
    replica.send(&mut sender).await;
    ticked("a write of replica 3, no credit", replica.tick(&mut sender).await);
    sender.receive(ack(1, 6)).unwrap();
    ticked("credit", replica.tick(&mut sender).await);
    replica.learns(3, 8).await;
    ticked("replica 3's writes are known up to 8", replica.tick(&mut sender).await);
    replica.learns(2, 4).await;
    ticked("replica 2's own are known up to 4", replica.tick(&mut sender).await);
    ticked("idle", replica.tick(&mut sender).await);
    replica.put("pear", "green").await;
    ticked("a write that was not sent yet", replica.tick(&mut sender).await);
    replica.send(&mut sender).await;
    ticked("and was sent", replica.tick(&mut sender).await);
    sender.receive(ack(9, 5)).unwrap();
    replica.take("plum", object((20, 3), "red")).await;
    assert!(replica.send(&mut sender).await.is_empty(), "a write of replica 3 was sent");
    ticked("the clock has moved on without a write", replica.tick(&mut sender).await);
    check::snapshot!("progress", story);
}

#[tokio::test]
async fn ex_5_3_answers_out_of_turn() {
    check::promise("An answer that may not come ends the stream; what nobody needs any more is passed over.");
    let replica = Replica::new(1).await;
    replica.put("apple", "green").await;
    let tombstone = replica.store.delete(&key("apple")).await.unwrap().unwrap();
    replica.store.write(move |write| write.forget(&key("apple"), &tombstone)).await.unwrap();
    replica.put("pear", "green").await;
    let mut story = String::from("the tombstone of \"apple\" was collected\n");
    let mut sender = replica.sender().await;
    answer(&mut story, &replica, &mut sender, resume(0, 2)).await;
    answer(&mut story, &replica, &mut sender, resume(0, 2)).await;
    story += "an acknowledgement first\n";
    answer(&mut story, &replica, &mut replica.sender().await, ack(1, 1)).await;
    story += "nothing\n";
    let nothing = ReplicateResponse { message: None };
    answer(&mut story, &replica, &mut replica.sender().await, nothing).await;
    story += "an old acknowledgement\n";
    answer(&mut story, &replica, &mut sender, ack(3, 1)).await;
    answer(&mut story, &replica, &mut sender, ack(2, 1)).await;
    writeln!(story, "acknowledged: {:?}", sender.acknowledged()).unwrap();
    check::snapshot!("out_of_turn", story);
}

#[tokio::test]
async fn ex_5_3_two_machines_and_no_network() {
    check::promise(
        "Both sides together bring every write across, over a line that breaks after the third message.",
    );
    const MS: Duration = Duration::from_millis(1);
    let (one, two) = (Replica::new(1).await, Replica::new(2).await);
    for name in ["apple", "pear", "fig", "date"] {
        one.put(name, "green").await;
    }
    let mut transcript = Transcript::new(&[(1, "us"), (2, "de")]);
    let mut now = Duration::ZERO;
    for passes in [3, usize::MAX] {
        let mut sender = one.sender().await;
        let mut receiver = None;
        let mut line = VecDeque::from([sender.begin()]);
        let mut passed = 0;
        while let Some(message) = line.pop_front() {
            let under_way = transcript.sent(now, 1, 2, request(&message));
            now += MS * 40;
            passed += 1;
            if passed > passes {
                transcript.lost(now, under_way);
                continue;
            }
            transcript.received(now, under_way);
            let answered = match (message.message, &mut receiver) {
                (Some(proto::replication::v1::replicate_request::Message::Begin(begin)), _) => {
                    let (machine, answered) =
                        replication::Receiver::begin(&begin, two.knows(1).await).unwrap();
                    receiver = Some(machine);
                    answered
                }
                (message, Some(receiver)) => {
                    let batch = receiver.receive(vec![ReplicateRequest { message }]).unwrap();
                    let merge = two.merge.clone();
                    let write =
                        two.store.write(move |write| batch.apply(&merge, write).map(|done| (batch, done)));
                    let (batch, done) = write.await.unwrap();
                    batch.answer(&done).unwrap()
                }
                (_, None) => break,
            };
            let under_way = transcript.sent(now, 2, 1, response(&answered));
            now += MS * 40;
            transcript.received(now, under_way);
            sender.receive(answered).unwrap();
            line.extend(one.send(&mut sender).await);
        }
    }
    check::snapshot!("machines", format!("{transcript}\nreplica 2 holds\n{}", two.show().await));
}
