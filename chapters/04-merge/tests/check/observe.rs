//! 4.4: the clock moves on with what is received.

use std::fmt::Write as _;

use store::{MAX_AHEAD, Version};

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
        ("one ahead", object("1@1", "z")),
        ("new", object("1@1,7@1", "a")),
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
    writeln!(story, "the next put: {}", node.store.put(&key("pear"), "g").await.unwrap_err()).unwrap();
    check::snapshot!("clocks", story);
}

#[tokio::test]
async fn ex_4_4_a_counter_too_far_ahead_is_refused() {
    check::promise(
        "A counter that cannot be true is refused: nothing is stored, the clock stays, and what came with it comes in.",
    );
    let node = Node::open(3).await;
    logs::collect();
    let true_one = object(&format!("{}@1", MAX_AHEAD), "true");
    let objects =
        [("fig", object("5@1", "before")), ("apple", object(&format!("{}@1", u64::MAX / 4), "wrong"))];
    let objects =
        [objects[0].clone(), objects[1].clone(), ("plum", true_one), ("kiwi", object("7@2", "after"))];
    let (merge, group) = (node.merge.clone(), objects.clone());
    let applied = node.store.write(move |write| {
        let applied = group.iter().map(|(name, theirs)| merge.apply(write, &key(name), theirs));
        applied.collect::<Result<Vec<_>, _>>()
    });
    let mut story = match applied.await {
        Ok(applied) => {
            format!("together came {}\n", applied.iter().map(|a| a.name()).collect::<Vec<_>>().join(", "))
        }
        Err(error) => format!("together they came to: {error}\n"),
    };
    for (name, _) in &objects {
        writeln!(story, "{name}: {}", node.holds(name).await).unwrap();
    }
    let put = node.store.put(&key("apple"), "red").await;
    let put = put.map_or_else(|error| error.to_string(), |put| show(&put));
    writeln!(story, "then a client puts apple: {put}\n\n{}", logs::collected()).unwrap();
    check::snapshot!("too_far_ahead", story);
}

#[tokio::test]
async fn ex_4_4_knowledge_too_far_ahead_is_refused() {
    check::promise(
        "A counter that cannot be true is not believed where a replica tells what it knows, either; a 0 is, and what was \
         known before stays.",
    );
    let node = Node::open(3).await;
    logs::collect();
    let merge = node.merge.clone();
    node.learn(5, 3).await;
    let adopted = [
        Version { counter: u64::MAX, replica: store::ReplicaId(1) },
        Version { counter: 8, replica: store::ReplicaId(2) },
        // Another replica: its id ends with the same 32 bits.
        Version { counter: 9, replica: store::ReplicaId((1 << 32) + 3) },
        // Nothing of replica 4 is known, but that there is one.
        Version { counter: 0, replica: store::ReplicaId(4) },
    ];
    node.store.write(move |write| merge.adopt(write, &adopted.into_iter().collect())).await.unwrap();
    check::snapshot!(
        "unbelievable",
        format!("replica 3 knows {}\n\n{}", node.knowledge().await, logs::collected())
    );
}

#[tokio::test]
async fn ex_4_4_a_write_of_its_own_that_it_never_made() {
    check::promise(
        "An object that shows that this replica went back in time is taken in, and from then on no write is.",
    );
    let mut story = String::new();
    for (what, theirs) in [
        ("its own, before what it holds", object("1@3", "ours")),
        ("an update of it", object("2@3,9@1", "theirs")),
        ("one too far ahead to be true", object("999999999999999@3", "x")),
        ("its own, later than what it holds", object("9@3", "lost")),
        ("its own, with another value", object("2@3", "lost")),
        ("an update of one that it never made", object("7@3,9@1", "theirs")),
    ] {
        let node = Node::open(3).await;
        for _ in 0..2 {
            let ours = node.store.put(&key("apple"), "ours").await.unwrap();
            node.apply("apple", &ours).await;
        }
        // Whatever the clock stands at.
        node.apply("pear", &object("6@1", "x")).await;
        let applied = node.apply("apple", &theirs).await;
        let put = node.store.put(&key("plum"), "x").await;
        let put = put.map_or_else(|error| error.to_string(), |object| object.version.to_string());
        writeln!(story, "{what}, {}: {}, and the next put: {put}", theirs.version, applied.name()).unwrap();
    }
    check::snapshot!("own", story);
}
