//! What a learner sees.

use std::time::Duration;

use transcript::{Message, Transcript};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn passes(talk: &mut Transcript, at: u64, until: u64, from: u64, to: u64, label: &str) -> Message {
    let message = talk.sent(ms(at), from, to, label);
    talk.received(ms(until), message);
    message
}

#[test]
fn two_replicas() {
    check::promise("A row at once, or two rows with time between, in both directions.");
    let mut talk = Transcript::new(&[(1, "us"), (2, "de")]);
    passes(&mut talk, 0, 0, 1, 2, "begin, clock 7");
    passes(&mut talk, 0, 0, 2, 1, "resume after 3");
    talk.note(ms(5), 1, "put color=red");
    passes(&mut talk, 5, 50, 1, 2, "change 4@1");
    passes(&mut talk, 50, 95, 2, 1, "ack 4");
    check::snapshot!("two_replicas", talk);
}

#[test]
fn three_replicas() {
    check::promise("An arrow runs through the columns between, in both directions.");
    let mut talk = Transcript::new(&[(1, "us"), (2, "de"), (3, "sg")]);
    passes(&mut talk, 0, 0, 1, 3, "begin, clock 7");
    passes(&mut talk, 0, 0, 3, 1, "resume after 3");
    passes(&mut talk, 0, 0, 2, 3, "begin, clock 4");
    passes(&mut talk, 1, 90, 1, 3, "change 4@1, color");
    passes(&mut talk, 90, 180, 3, 1, "ack 4, credit 64");
    passes(&mut talk, 181, 200, 3, 2, "progress 9@3");
    check::snapshot!("three_replicas", talk);
    let widest = talk.to_string().lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 100, "{widest} columns");
}

#[test]
fn messages_that_cross() {
    check::promise("What is sent while the other's is on its way is a row of its own.");
    let mut talk = Transcript::new(&[(1, "us"), (2, "de")]);
    let change = talk.sent(ms(0), 1, 2, "change 5@1");
    let other = talk.sent(ms(0), 2, 1, "change 9@2");
    talk.received(ms(45), change);
    talk.received(ms(45), other);
    check::snapshot!("messages_that_cross", talk);
}

#[test]
fn what_is_lost_and_what_is_on_its_way() {
    check::promise("A lost message is seen where it was sent, and so is one that has not arrived.");
    let mut talk = Transcript::new(&[(1, "us"), (2, "de"), (3, "sg")]);
    let ack = talk.sent(ms(0), 2, 1, "ack 4");
    talk.lost(ms(0), ack);
    let change = talk.sent(ms(10), 1, 2, "change 5@1");
    let far = talk.sent(ms(10), 1, 3, "change 5@1");
    talk.lost(ms(20), change);
    talk.lost(ms(20), far);
    talk.note(ms(20), 1, "killed");
    let back = talk.sent(ms(30), 3, 1, "progress 9@3");
    talk.lost(ms(31), back);
    talk.sent(ms(40), 3, 1, "progress 10@3");
    talk.sent(ms(40), 2, 3, "change 7@2");
    check::snapshot!("lost", talk);
}

#[test]
fn a_message_that_arrives_was_not_lost() {
    check::promise("What arrives after all is drawn as received.");
    let mut talk = Transcript::new(&[(1, ""), (2, "")]);
    let message = talk.sent(ms(0), 1, 2, "check 7@1");
    talk.lost(ms(3), message);
    talk.received(ms(5), message);
    check::snapshot!("not_lost", talk);
}

#[test]
fn the_end_of_a_long_run() {
    check::promise("The last rows, and how many there were before.");
    let mut talk = Transcript::new(&[(1, "us"), (2, "de")]);
    for n in 1..=60_u64 {
        passes(&mut talk, n * 500, n * 500 + 45, 1, 2, &format!("change {n}@1"));
    }
    talk.note(ms(31_000), 2, "the link to replica 1 is cut, in both directions");
    let last = talk.last(5);
    check::snapshot!("long_run", last);
}
