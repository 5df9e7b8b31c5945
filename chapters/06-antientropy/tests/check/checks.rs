//! 6.1: the initiator checks a slice.

use antientropy::{CHUNK, Head, Initiator, Message, Next};
use merge::Knowledge;
use store::Key;

use crate::support::machines::{Held, head, key, version, words};

/// The initiator's phase 1 over what `held` holds: what it reads and what it says, a line each. The slice is
/// late from the read with the number `late` on.
fn phase_1(held: &Held, initiator: &mut Initiator, late: usize) -> String {
    let mut story = String::new();
    for read in 1..100 {
        let Next::Read { after, limit } = initiator.next_step() else { return story };
        let after_words =
            after.as_ref().map_or("the beginning".into(), |key| key.key().escape_ascii().to_string());
        story += &format!("reads at most {limit} after {after_words}\n");
        for message in initiator.check(held.heads(after.as_ref(), limit), read >= late) {
            story += &format!("  {}{}\n", words(&message), knows(&message));
        }
    }
    story + "and never ends\n"
}

fn knows(message: &Message) -> String {
    match message {
        Message::Complete { knowledge: Some(knowledge), .. } => format!(", knows {knowledge}"),
        _ => String::new(),
    }
}

fn knowledge() -> Option<Knowledge> {
    Some([version("9@1"), version("4@2")].into_iter().collect())
}

fn fruit() -> Held {
    Held::new("apple 1@1, cherry 2@2, fig 9@1 deleted, plum 4@1, quince 3@2")
}

/// What replicas keep for themselves stands among the rest.
fn with_reserved() -> Held {
    Held::new("apple 1@1, atoll.test/1 2@2")
}

#[test]
fn ex_6_1_each_key_is_checked() {
    check::promise("The initiator says a CHECK for each key it holds, tombstones too, and then COMPLETE.");
    let mut initiator = Initiator::new(None, 100, knowledge());
    let mut story = format!("five keys\n{}", phase_1(&fruit(), &mut initiator, 100));
    let mut initiator = Initiator::new(None, 100, knowledge());
    story += &format!("\nno key at all\n{}", phase_1(&Held::default(), &mut initiator, 100));
    let mut initiator = Initiator::new(None, 100, knowledge());
    story += &format!("\none of a reserved namespace\n{}", phase_1(&with_reserved(), &mut initiator, 100));
    check::snapshot!("each_key_is_checked", story);
}

#[test]
fn ex_6_1_a_slice_has_a_bound() {
    check::promise(
        "A slice holds at most as many keys as it may. It ends with the last key that was checked, and only the last slice says what the initiator knows.",
    );
    let mut story = String::new();
    let mut after = None;
    for slice in 1..=10 {
        let mut initiator = Initiator::new(after, 2, knowledge());
        story += &format!("slice {slice}\n{}", phase_1(&fruit(), &mut initiator, 100));
        after = initiator.through().cloned();
        if after.is_none() {
            break;
        }
    }
    check::snapshot!("a_slice_has_a_bound", story);
}

#[test]
fn ex_6_1_a_slice_has_an_end_in_time() {
    check::promise("A slice that is late checks what it has read and ends there: each session gets on.");
    let mut held = Held::default();
    for number in 0..3 * CHUNK {
        held.put(&format!("key-{number:03}"), "1@1");
    }
    let mut story = String::new();
    for (late, words) in [(1, "late at once"), (2, "late at the second read")] {
        let mut initiator = Initiator::new(None, 10_000, knowledge());
        let said = phase_1(&held, &mut initiator, late);
        let short: Vec<_> = said.lines().filter(|line| !line.contains("CHECK")).collect();
        let checks = said.matches("CHECK").count();
        story += &format!("{words}\n{}\n  in all {checks} CHECKs\n", short.join("\n"));
    }
    let mut initiator = Initiator::new(None, 10_000, knowledge());
    story += &format!("late with nothing to check\n{}", phase_1(&Held::default(), &mut initiator, 1));
    check::snapshot!("a_slice_has_an_end_in_time", story);
}

#[test]
fn ex_6_1_slices_cover_every_key_once() {
    check::promise("Slice after slice, every key is checked, and none twice.");
    let mut held = Held::default();
    for number in 0..300 {
        held.put(&format!("key-{number:03}"), "1@1");
    }
    for limit in [0, 1, 7, 100, CHUNK, CHUNK + 1, 299, 300, 301] {
        let (mut after, mut checked, mut slices) = (None, Vec::new(), 0);
        loop {
            let mut initiator = Initiator::new(after, limit, None);
            let mut messages = Vec::new();
            while let Next::Read { after, limit } = initiator.next_step() {
                assert!(limit > 0, "the slice is full, and has not ended: it reads on, and at most 0 keys");
                let heads: Vec<(Key, Head)> = held.heads(after.as_ref(), limit);
                messages.extend(initiator.check(heads, false));
            }
            checked.extend(messages.into_iter().filter_map(|message| match message {
                Message::Check { key, .. } => Some(key),
                _ => None,
            }));
            slices += 1;
            assert!(slices < 400, "slices of {limit} keys come to no end");
            after = initiator.through().cloned();
            if after.is_none() {
                break;
            }
        }
        let all: Vec<_> = (0..300).map(|number| key(&format!("key-{number:03}"))).collect();
        assert!(checked == all, "slices of {limit} keys check {} keys of {}", checked.len(), all.len());
    }
}

#[test]
fn ex_6_1_a_remote_asks_for_what_was_checked() {
    check::promise(
        "The remote may ask once for each key that was checked, so what waits is bounded by the slice.",
    );
    let mut initiator = Initiator::new(None, 100, None);
    initiator.check(vec![(key("apple"), head("1@1")), (key("plum"), head("2@1"))], false);
    initiator.check(vec![(key("quince"), head("3@1 deleted"))], false);
    initiator.check(Vec::new(), false);
    let mut ask = |name| initiator.receive(Message::Check { key: key(name), head: None });
    for name in ["apple", "plum", "quince"] {
        assert!(ask(name).is_ok(), "three keys were checked in two chunks, and {name} is refused");
    }
    let error = ask("apple").expect_err("a fourth question is one too many");
    check::snapshot!("asks_too_often", error);
}
