//! 6.4: the phases. What every session must keep to, and the initiator that does not.

use antientropy::{Audit, Message, Side};

use crate::support::machines::{Pair, head, key, object};

use Side::{Initiator, Remote};

fn check(name: &str, holds: Option<&str>) -> Message {
    Message::Check { key: key(name), head: holds.map(head) }
}

fn repair(name: &str, text: &str) -> Message {
    Message::Repair { key: key(name), object: object(text) }
}

fn complete() -> Message {
    Message::Complete { through: None, knowledge: None }
}

/// What the audit says of a session when the initiator ends its half.
fn audit(said: &[(Side, Message)]) -> String {
    let mut audit = Audit::default();
    said.iter().for_each(|(side, message)| audit.see(*side, message));
    let owed: Vec<_> = audit.owed().map(|key| key.key().escape_ascii().to_string()).collect();
    if owed.is_empty() { "nothing is owed".into() } else { format!("owed: {}", owed.join(", ")) }
}

#[test]
fn ex_6_4_the_audit_finds_what_is_lost() {
    check::promise("In a session in which a repair is lost, the audit says which one is owed.");
    let asks = || vec![(Initiator, check("apple", Some("3@1"))), (Remote, check("apple", None))];
    let mut story = String::new();
    let mut tell = |words: &str, more: Vec<(Side, Message)>| {
        let said = [asks(), more].concat();
        story += &format!("{words}\n  {}\n", audit(&said));
    };
    tell("nobody answers", vec![(Initiator, complete()), (Remote, complete())]);
    tell("another key is repaired", vec![(Initiator, complete()), (Initiator, repair("plum", "3@1"))]);
    tell("the repair runs the other way", vec![(Remote, repair("apple", "3@1"))]);
    tell(
        "two are asked for and one is answered",
        vec![(Remote, check("plum", Some("1@2"))), (Initiator, repair("apple", "3@1")), (Remote, complete())],
    );
    let older = vec![
        (Initiator, check("plum", Some("5@1"))),
        (Remote, check("plum", Some("4@2"))),
        (Initiator, repair("apple", "3@1")),
        (Initiator, repair("plum", "4@1")),
    ];
    tell("the answer is older than what the one that asks holds", older);
    let equal = vec![
        (Initiator, check("plum", Some("5@1"))),
        (Remote, check("plum", Some("4@2"))),
        (Initiator, repair("apple", "3@1")),
        (Initiator, repair("plum", "4@2")),
    ];
    tell("the answer is equal to what the one that asks holds", equal);
    tell("the initiator says again what it holds", vec![(Initiator, check("apple", Some("3@1")))]);
    let before = [(Initiator, repair("apple", "3@1")), (Remote, check("apple", None))];
    story += &format!("the repair came before the question\n  {}\n", audit(&before));
    check::snapshot!("audit_bad", story);
}

#[test]
fn ex_6_4_the_audit_of_the_lost_repair() {
    check::promise("In the session of the guide one repair is lost, and the audit says which.");
    let mut pair = Pair::hasty("apple 3@1, cherry 5@1, fig 4@1", "apple 3@1, cherry 2@2, plum 7@2");
    pair.run(|_, _, _| {});
    check::snapshot!("lost_repair", pair.show());
    let owed = audit(&pair.said);
    assert!(owed == "owed: fig", "the repair of fig is lost, and the audit says: {owed}");
}

#[test]
fn ex_6_4_the_audit_accuses_nobody() {
    check::promise("In a session in which all is said that was to be said, nothing is owed.");
    let mut story = String::new();
    let mut tell = |words: &str, said: &[(Side, Message)]| story += &format!("{words}\n  {}\n", audit(said));
    let asks = [(Initiator, check("apple", Some("3@1"))), (Remote, check("apple", Some("2@2")))];
    tell(
        "nothing was asked",
        &[(Initiator, check("apple", Some("3@1"))), (Initiator, complete()), (Remote, complete())],
    );
    tell("asked and answered", &[&asks[..], &[(Initiator, repair("apple", "3@1"))]].concat());
    tell(
        "answered after both are complete",
        &[&asks[..], &[(Initiator, complete()), (Remote, complete()), (Initiator, repair("apple", "3@1"))]]
            .concat(),
    );
    tell(
        "overwritten between the CHECK and the answer",
        &[&asks[..], &[(Initiator, repair("apple", "9@3"))]].concat(),
    );
    tell(
        "written with the counter that the remote holds, by a replica with a larger id",
        &[
            (Initiator, check("apple", Some("2@3"))),
            (Remote, check("apple", Some("2@2"))),
            (Initiator, repair("apple", "2@3")),
        ],
    );
    tell(
        "deleted between the CHECK and the answer",
        &[&asks[..], &[(Initiator, repair("apple", "4@1 deleted"))]].concat(),
    );
    tell(
        "a tombstone that was collected between the CHECK and the answer",
        &[&asks[..], &[(Initiator, check("apple", None))]].concat(),
    );
    tell(
        "the remote repairs, and is owed nothing for it",
        &[
            (Initiator, check("apple", Some("3@1"))),
            (Remote, repair("apple", "4@2")),
            (Remote, repair("plum", "1@2")),
        ],
    );
    check::snapshot!("audit_good", story);
}

#[test]
fn ex_6_4_every_question_is_answered() {
    check::promise(
        "The initiator ends its half when it has answered all that the remote asked, and not before.",
    );
    let mut pair = Pair::new("apple 3@1, cherry 5@1, fig 4@1", "apple 3@1, cherry 2@2, plum 7@2");
    pair.run(|_, _, _| {});
    check::snapshot!("every_question_is_answered", pair.show());
}

#[test]
fn ex_6_4_whatever_the_replicas_hold() {
    check::promise("After a session both replicas hold the same, and the audit finds nothing owed.");
    for (ours, theirs) in [
        ("", ""),
        ("apple 1@1", ""),
        ("", "apple 1@2"),
        ("apple 1@1, cherry 1@1, fig 1@1, plum 1@1", ""),
        ("apple 2@1, cherry 2@1, fig 2@1", "apple 1@2, cherry 3@2 deleted, fig 2@2"),
        ("apple 9@1 deleted, plum 9@1 deleted", "apple 8@2, cherry 1@2"),
    ] {
        let mut pair = Pair::new(ours, theirs);
        pair.run(|_, _, _| {});
        let owed = audit(&pair.said);
        assert!(pair.ours.show() == pair.theirs.show(), "they do not hold the same; {owed}\n{}", pair.show());
        assert!(owed == "nothing is owed", "both hold the same, and the audit says: {owed}\n{}", pair.show());
    }
}

#[test]
fn ex_6_4_while_objects_change() {
    check::promise("What changes during a session is sent as it is then, and nothing is owed.");
    let mut pair = Pair::new("apple 3@1, cherry 5@1 deleted, fig 4@1", "apple 1@2");
    pair.run(|millis, ours, _| {
        if millis == 15 {
            // Overwritten, and collected, after the CHECKs and before the answers.
            ours.put("apple", "8@1");
            ours.forget("cherry");
        }
    });
    check::snapshot!("while_objects_change", format!("{}{}\n", pair.show(), audit(&pair.said)));
}
