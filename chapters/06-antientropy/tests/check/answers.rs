//! 6.2: the remote answers a CHECK.

use antientropy::{Error, Heard, MAX_SLICE, Message, Remote, Reply};
use store::Key;

use crate::support::machines::{head, key, words};

fn show(reply: Option<Reply>) -> String {
    match reply {
        None => "nothing".into(),
        Some(Reply::Say(message)) => words(&message),
        Some(Reply::Repair(key)) => format!("REPAIR {}", key.key().escape_ascii()),
    }
}

#[test]
fn ex_6_2_the_later_version_goes_to_whom_it_lacks() {
    check::promise(
        "The remote repairs what is later here, asks for what is later there, and says nothing of what is equal.",
    );
    let cases = [
        ("equal", "3@1", Some("3@1")),
        ("equal tombstones", "3@1 deleted", Some("3@1 deleted")),
        ("later here", "3@1", Some("4@1")),
        ("later there", "4@1", Some("3@1")),
        ("one counter, written by 1 there and by 2 here", "5@1", Some("5@2")),
        ("one counter, written by 2 there and by 1 here", "5@2", Some("5@1")),
        ("many writes behind", "90@3", Some("4@1")),
        ("deleted here, later", "3@1", Some("4@2 deleted")),
        ("deleted here, earlier", "6@1", Some("4@2 deleted")),
        ("deleted there, later", "6@1 deleted", Some("4@2")),
        ("deleted on both sides, later there", "6@1 deleted", Some("4@2 deleted")),
        ("deleted on both sides, later here", "3@1 deleted", Some("4@2 deleted")),
        ("the counter needs more than 32 bits", "4294967297@1", Some("5@2")),
        ("the id needs more than 32 bits", "5@4294967297", Some("5@2")),
        ("nothing here", "3@1", None),
        ("nothing here, deleted there", "3@1 deleted", None),
    ];
    let mut story = String::new();
    for (words, theirs, ours) in cases {
        let mut remote = Remote::new(None);
        let reply = remote.check(key("apple"), &head(theirs), ours.map(head));
        let ours = ours.unwrap_or("nothing");
        story += &format!("{words}\n  they hold {theirs}, we hold {ours}: {}\n", show(reply));
    }
    check::snapshot!("answers", story);
}

#[test]
fn ex_6_2_one_version_is_one_write() {
    check::promise(
        "Of two objects with one version none is later, though they differ: to repair one with the other would end \
         every session at this key.",
    );
    let mut remote = Remote::new(None);
    let mut ours = head("3@1");
    ours.metadata.region = "another".into();
    let reply = remote.check(key("apple"), &head("3@1"), Some(ours));
    let said = show(reply);
    assert!(said == "nothing", "both hold an object with the version 3@1, and the remote says: {said}");
}

#[test]
fn ex_6_2_what_it_asks_with_is_what_it_holds() {
    check::promise("A CHECK that asks tells what the one that asks holds, as it stands on disk.");
    let mut remote = Remote::new(None);
    let ours = head("3@2");
    let reply = remote.check(key("apple"), &head("4@1"), Some(ours.clone()));
    let asks = Some(Reply::Say(Message::Check { key: key("apple"), head: Some(ours) }));
    assert!(reply == asks, "it holds 3@2, they hold 4@1, and it says: {}", show(reply));
}

#[test]
fn ex_6_2_every_key_that_was_checked_was_seen() {
    check::promise("Whatever the answer, the initiator has dealt with the key: phase 2 passes over it.");
    let mut remote = Remote::new(None);
    let cases = [
        ("apple", Some("3@1")),
        ("cherry", Some("9@2")),
        ("fig", Some("1@2")),
        ("plum", None),
        ("zn/a", None),
    ];
    let mut story = String::new();
    for (name, ours) in cases {
        let reply = remote.check(key(name), &head("3@1"), ours.map(head));
        let seen = if remote.has_seen(&key(name)) { "seen" } else { "not seen" };
        story += &format!("{name}: {}, {seen}\n", show(reply));
    }
    let seen = if remote.has_seen(&key("quince")) { "seen" } else { "not seen" };
    story += &format!("quince, which was not checked: {seen}\n");
    check::snapshot!("seen", story);
}

#[test]
fn ex_6_2_a_slice_is_bounded_at_the_remote_too() {
    check::promise("What the remote remembers is bounded, whatever the initiator sends.");
    let mut remote = Remote::new(None);
    let mut check = |number: usize| {
        let key = Key::new("default", format!("{number:06}"))?;
        match remote.receive(Message::Check { key, head: Some(head("1@1")) })? {
            Heard::Check(key, theirs) => drop(remote.check(key, &theirs, Some(head("1@1")))),
            heard => panic!("{heard:?}"),
        }
        Ok::<_, Error>(())
    };
    for number in 0..MAX_SLICE {
        check(number).unwrap();
    }
    let error = check(MAX_SLICE).expect_err("one too many is taken");
    check::snapshot!("slice_too_long", error);
}
