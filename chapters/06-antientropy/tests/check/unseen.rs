//! 6.3: the remote sends what was not seen.

use antientropy::{Message, Remote, Reply};
use store::Key;

use crate::support::machines::{head, is_complete, key, version, words};

/// Phase 2 of a remote that holds `held`, in chunks of `chunk`, when `checked` were checked, in a slice that
/// goes `through` a key. A chunk that holds a key beyond the slice must be the last.
fn phase_2(checked: &str, through: Option<&str>, held: &str, chunk: usize) -> String {
    let names = |text: &str| text.split(' ').filter(|name| !name.is_empty()).map(key).collect::<Vec<_>>();
    let mut remote = Remote::new(None);
    for key in names(checked) {
        remote.check(key, &head("1@1"), Some(head("1@1")));
    }
    let through = through.map(key);
    let end = through.as_ref().map(Key::encode);
    let beyond = |key: &Key| end.as_ref().is_some_and(|end| key.encode() > *end);
    // With the last slice the initiator says what it knew; that is its own, and not said back.
    let knowledge = through.is_none().then(|| [version("9@1")].into_iter().collect());
    remote.receive(Message::Complete { through, knowledge }).unwrap();
    let mut said = Vec::new();
    let mut held = names(held);
    held.sort_by_key(Key::encode);
    // A last chunk with nothing in it, as at the end of a store.
    for heads in held.chunks(chunk).map(<[Key]>::to_vec).chain([Vec::new()]) {
        let goes_beyond = heads.iter().any(beyond);
        let replies = remote.unseen(heads);
        let complete = replies.iter().any(is_complete);
        said.extend(replies.iter().map(show));
        if complete {
            return said.join(", ");
        }
        if goes_beyond {
            said.push("reads on beyond the slice".into());
        }
    }
    said.push("and no COMPLETE".into());
    said.join(", ")
}

fn show(reply: &Reply) -> String {
    match reply {
        Reply::Say(Message::Complete { through: None, knowledge: None }) => "COMPLETE".into(),
        Reply::Say(Message::Complete { knowledge: Some(known), .. }) => format!("COMPLETE, knows {known}"),
        Reply::Say(message) => words(message),
        Reply::Repair(key) => words(&Message::Check { key: key.clone(), head: None })
            .replace("CHECK", "REPAIR")
            .replace(" none", ""),
    }
}

#[test]
fn ex_6_3_what_was_not_checked_is_repaired() {
    check::promise(
        "The remote repairs each key that the initiator has not checked, and completes once, at the end.",
    );
    let story = format!(
        "all was checked\n  {}\nnothing was checked\n  {}\nsome was checked\n  {}\nthe remote holds nothing\n  {}\n\
         one of a reserved namespace was not checked\n  {}\n",
        phase_2("apple fig plum", None, "apple fig plum", 100),
        phase_2("", None, "apple fig plum", 100),
        phase_2("apple plum", None, "apple cherry fig plum quince", 100),
        phase_2("apple plum", None, "", 100),
        phase_2("apple", None, "apple atoll.test/1", 100),
    );
    check::snapshot!("unseen", story);
}

#[test]
fn ex_6_3_and_only_in_the_slice() {
    check::promise(
        "Keys beyond the slice belong to the next one: the initiator may hold every one of them. The first of them is the end of phase 2.",
    );
    let held = "apple cherry fig plum quince";
    let mut story = String::new();
    for (checked, through) in [
        ("apple", "apple"),
        ("apple fig", "fig"),
        ("apple fig", "grape"),
        ("apple quince", "quince"),
        ("zebra", "zebra"),
    ] {
        let said = phase_2(checked, Some(through), held, 100);
        story += &format!("checked {checked}, the slice goes through {through}\n  {said}\n");
    }
    check::snapshot!("only_in_the_slice", story);
}

#[test]
fn ex_6_3_chunk_by_chunk() {
    check::promise("Phase 2 says the same in chunks of any size.");
    let held = "apple cherry fig grape lemon plum quince";
    for (checked, through) in
        [("cherry grape", None), ("cherry grape", Some("grape")), ("fig", Some("lemon"))]
    {
        let whole = phase_2(checked, through, held, 100);
        for chunk in 1..8 {
            let said = phase_2(checked, through, held, chunk);
            assert!(said == whole, "all at once it says\n  {whole}\nand in chunks of {chunk}\n  {said}");
        }
    }
}

#[test]
fn ex_6_3_in_the_order_of_the_records() {
    check::promise(
        "A slice is a piece of the records as they stand on disk: a short namespace comes before a long one.",
    );
    // As text, "b" would come after "aaaa".
    let held = "b/1 b/2 aaaa/1 aaaa/2";
    let mut story = String::new();
    for through in ["b/1", "b/2", "aaaa/1"] {
        let said = phase_2("b/1", Some(through), held, 100);
        story += &format!("the remote holds {held}, the slice goes through {through}\n  {said}\n");
    }
    check::snapshot!("order_of_records", story);
}
