//! 6.4: a replica's word of what it knows, beside what its pass shows.

use antientropy::{Limits, Message};
use merge::Knowledge;
use store::{ReplicaId, Version};

use crate::believed::{check, tell};
use crate::support::machines::{key, object};
use crate::support::nodes::{Node, pair, settle};

/// "900@2,40@3"
fn knowledge(text: &str) -> Knowledge {
    text.split(',').map(|version| object(version).version).collect()
}

fn last_slice(knows: &str) -> Message {
    Message::Complete { through: None, knowledge: Some(knowledge(knows)) }
}

fn first_slice() -> Message {
    Message::Complete { through: Some(key("kiwi")), knowledge: None }
}

/// A key that replica 1 holds, and the version.
type Holds = Option<(&'static str, &'static str)>;

/// After which key each slice begins, and what is said in it.
type Slices = Vec<(&'static str, Vec<Message>)>;

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_word_goes_as_far_as_what_is_shown() {
    check::promise(
        "What an initiator says that it knows is adopted as far as its pass bears it out: of others up to the last write that it shows, \
         and nothing at all if it lacks what it claims to know.",
    );
    let shows = |name: &str, text: &str| check(key(name), &object(text));
    let repair = |name: &str, text: &str| Message::Repair { key: key(name), object: object(text) };
    let mut story = String::new();
    let passes: Vec<(&str, Holds, Slices)> = vec![
        (
            "it shows nothing, and knows 3 up to 2^39",
            None,
            vec![("", vec![last_slice("900@2,549755813888@3")])],
        ),
        (
            "it shows 7@3, and knows 3 up to 40",
            None,
            vec![("", vec![shows("fig", "7@3"), last_slice("900@2,40@3"), repair("fig", "7@3")])],
        ),
        (
            "it lacks 5@3, and knows 3 up to 40",
            Some(("apple", "5@3")),
            vec![("", vec![shows("fig", "7@3"), last_slice("900@2,40@3"), repair("fig", "7@3")])],
        ),
        (
            "it has an earlier version of apple, and knows the later",
            Some(("apple", "5@3")),
            vec![("", vec![shows("apple", "3@3"), last_slice("900@2,40@3")])],
        ),
        (
            "it lacks 5@3 in the first slice, and says in the last that it knows it",
            Some(("apple", "5@3")),
            vec![("", vec![first_slice()]), ("kiwi", vec![last_slice("900@2,40@3")])],
        ),
        (
            "it lacks 5@3, and knows no more than 4",
            Some(("apple", "5@3")),
            vec![("", vec![shows("fig", "4@3"), last_slice("900@2,4@3"), repair("fig", "4@3")])],
        ),
        (
            "it has forgotten a tombstone",
            Some(("apple", "5@3 deleted")),
            vec![("", vec![shows("fig", "7@3"), last_slice("900@2,7@3"), repair("fig", "7@3")])],
        ),
    ];
    for (words, held, slices) in passes {
        let (network, one, _two) = pair(Limits::default()).await;
        if let Some((name, object)) = held {
            one.hold(name, object).await;
        }
        story += &format!("{words}\n");
        for (after, said) in slices {
            story += &format!("  {}\n", tell(&network, after, said).await);
            settle().await;
        }
        story += &format!("  replica 1 knows {}\n", one.knows().await);
    }
    check::snapshot!("word", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_the_word_of_a_remote_too() {
    check::promise("An initiator holds the word of the remote against what it has shown, slice by slice.");
    let mut story = String::new();
    for (words, held) in [
        ("the remote shows nothing of 3", vec![]),
        ("it shows 7@3", vec![(2, "fig", "7@3")]),
        ("both hold 7@3", vec![(1, "fig", "7@3"), (2, "fig", "7@3")]),
        ("it lacks 5@3", vec![(1, "apple", "5@3"), (2, "fig", "7@3")]),
        ("it has an earlier version", vec![(1, "apple", "5@3"), (2, "apple", "3@3"), (2, "fig", "7@3")]),
    ] {
        let (_network, one, two) = pair(Limits { keys: 2, ..Limits::default() }).await;
        for (replica, name, object) in held {
            if replica == 1 { &one } else { &two }.hold(name, object).await;
        }
        claim(&two, Version { counter: 1 << 39, replica: ReplicaId(3) }).await;
        while !one.anti_entropy.session(ReplicaId(2), false).await.unwrap().whole {}
        settle().await;
        story += &format!("{words}\n  replica 2 knows {}\n", two.knows().await);
        story += &format!("  replica 1 knows {}: {}\n", one.knows().await, one.show().await);
    }
    check::snapshot!("word_of_a_remote", story);
}

/// Lets a replica believe that it has all writes up to this one.
async fn claim(node: &Node, version: Version) {
    let merge = node.merge.clone();
    node.store.write(move |write| merge.learn(write, version.replica, version.counter)).await.unwrap();
}
