//! 4.4: the clock moves on with what is received.

use std::fmt::Write as _;

use merge::MAX_AHEAD;
use store::Version;

use crate::support::{Node, key, knowledge, logs, object, show};

#[tokio::test]
async fn ex_4_4_a_client_that_saw_a_write_replaces_it() {
    check::promise(
        "A client reads what another replica wrote, and writes over it: its write wins, everywhere.",
    );
    let (one, two, three) = (Node::open(1).await, Node::open(2).await, Node::open(3).await);
    let green = object("9@1", "green");
    let mut story = String::new();
    for node in [&one, &two, &three] {
        node.apply("apple", &green).await;
    }
    writeln!(story, "all three hold {}", show(&green)).unwrap();
    let red = two.store.put(&key("apple"), "red").await.unwrap();
    writeln!(story, "a client of replica 2 reads it, and puts red: {}, vector {}", show(&red), red.vector)
        .unwrap();
    for node in [&one, &three] {
        let applied = node.apply("apple", &red).await;
        writeln!(story, "replica {} receives it: {}", node.id(), applied.name()).unwrap();
    }
    for node in [&one, &two, &three] {
        writeln!(story, "replica {} holds {}", node.id(), node.holds("apple").await).unwrap();
    }
    check::snapshot!("observed", story);
}

#[tokio::test]
async fn ex_4_4_everything_received_moves_the_clock() {
    check::promise(
        "The clock moves on with every object that comes in and with what is learned, and never back.",
    );
    let node = Node::open(3).await;
    let mut story = String::new();
    for (what, theirs) in [
        ("new", object("7@1", "a")),
        ("an update", object("7@1,12@2", "b")),
        ("an older one", object("3@1", "c")),
        ("a tombstone that wins", object("15@4", "")),
        ("one that loses", object("14@2", "d")),
    ] {
        let applied = node.apply("apple", &theirs).await;
        writeln!(
            story,
            "{what} {}: {}, the clock stands at {}",
            show(&theirs),
            applied.name(),
            node.store.clock().await.unwrap()
        )
        .unwrap();
    }
    node.learn(1, 20).await;
    writeln!(story, "all up to 20@1 is known: the clock stands at {}", node.store.clock().await.unwrap())
        .unwrap();
    let merge = node.merge.clone();
    node.store.write(move |write| merge.adopt(write, &knowledge("31@1,25@2,99@3"))).await.unwrap();
    writeln!(
        story,
        "31@1,25@2,99@3 adopted by replica 3: the clock stands at {}",
        node.store.clock().await.unwrap()
    )
    .unwrap();
    writeln!(story, "the next put is {}", node.store.put(&key("pear"), "e").await.unwrap().version).unwrap();
    // What this replica wrote itself may come back to it from the others, if its directory was lost.
    let applied = node.apply("plum", &object("40@3", "f")).await;
    writeln!(
        story,
        "40@3, a write of its own that it does not know: {}, the clock stands at {}",
        applied.name(),
        node.store.clock().await.unwrap()
    )
    .unwrap();
    writeln!(story, "the next put is {}", node.store.put(&key("pear"), "g").await.unwrap().version).unwrap();
    check::snapshot!("clocks", story);
}

/// A number in words, where it is near one of the bounds: `MAX - 2^48 + 1`.
fn short(number: u64) -> String {
    let near = |bound: u64, name: &str| {
        let (below, above) = (bound.saturating_sub(number), number.saturating_sub(bound));
        match (below, above) {
            (0, 0) => Some(name.to_owned()),
            (0, 1..100) => Some(format!("{name} + {above}")),
            (1..100, 0) => Some(format!("{name} - {below}")),
            _ => None,
        }
    };
    near(u64::MAX, "MAX")
        .or_else(|| near(u64::MAX - MAX_AHEAD, "MAX - 2^48"))
        .or_else(|| near(MAX_AHEAD, "2^48"))
        .unwrap_or_else(|| number.to_string())
}

#[tokio::test]
async fn ex_4_4_a_counter_too_far_ahead_is_refused() {
    check::promise(
        "A counter that cannot be true is refused: nothing is stored, the clock stays, and clients can write on.",
    );
    let mut story = String::new();
    for (clock, counter) in [
        (5, 5 + MAX_AHEAD),
        (5, 6 + MAX_AHEAD),
        (5, u64::MAX),
        (u64::MAX - MAX_AHEAD - 9, u64::MAX - MAX_AHEAD),
        (u64::MAX - MAX_AHEAD - 9, u64::MAX - MAX_AHEAD + 1),
        (u64::MAX - MAX_AHEAD - 9, u64::MAX),
        (u64::MAX - 9, u64::MAX - 8),
        (u64::MAX - 9, 7),
    ] {
        let node = Node::open(3).await;
        let stands = Version { counter: clock, replica: store::ReplicaId(2) };
        node.store
            .write(move |write| {
                write.observe(stands);
                Ok(())
            })
            .await
            .unwrap();
        let applied = node.apply("apple", &object(&format!("{counter}@1"), "x")).await;
        let moved = node.store.clock().await.unwrap() - clock;
        let put = node.store.put(&key("pear"), "y").await;
        writeln!(
            story,
            "clock {}, received {}: {}, holds {}, the clock moved by {}; a put: {}",
            short(clock),
            short(counter),
            applied.name(),
            if node.held("apple").await.is_some() { "it" } else { "nothing" },
            short(moved),
            put.map_or_else(|error| error.to_string(), |_| "as ever".into())
        )
        .unwrap();
    }
    check::snapshot!("too_far_ahead", story);
}

#[tokio::test]
async fn ex_4_4_knowledge_too_far_ahead_is_refused() {
    check::promise(
        "A counter that cannot be true is not believed where a replica tells what it knows, either; a 0 is.",
    );
    let node = Node::open(3).await;
    logs::collect();
    let merge = node.merge.clone();
    let adopted = [
        Version { counter: u64::MAX, replica: store::ReplicaId(1) },
        Version { counter: 8, replica: store::ReplicaId(2) },
        // Nothing of replica 4 is known, but that there is one.
        Version { counter: 0, replica: store::ReplicaId(4) },
    ];
    node.store.write(move |write| merge.adopt(write, &adopted.into_iter().collect())).await.unwrap();
    check::snapshot!(
        "unbelievable",
        format!("replica 3 knows {}\n\n{}", node.knowledge().await, logs::collected())
    );
}
