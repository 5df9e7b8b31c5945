//! 4.3: one object is taken in.

use std::fmt::Write as _;

use merge::Applied;
use store::{BadObject, Key, Object};

use crate::support::{Node, key, logs, object, show};

/// A line for what becomes of `theirs` where `ours` is held.
async fn line(story: &str, ours: Option<Object>, theirs: Object) -> String {
    let node = Node::open(3).await;
    if let Some(ours) = &ours {
        let ours = ours.clone();
        node.store.write(move |write| write.store(&key("apple"), None, &ours)).await.unwrap();
    }
    let applied = node.applied("apple", &theirs).await;
    let lost = node.merge.stomps(&node.store, 9).await.unwrap();
    let lost = lost.first().map_or(String::new(), |stomp| {
        format!("; kept as lost against {}: {}", stomp.winner, show(&stomp.lost))
    });
    format!(
        "{story}\n  held {}, received {}: {applied}; holds {}{lost}\n",
        ours.as_ref().map_or("nothing".into(), show),
        show(&theirs),
        node.holds("apple").await,
    )
}

#[tokio::test]
async fn ex_4_3_the_later_write_is_stored() {
    check::promise(
        "The later write is what is held afterwards, stored as it came; what a concurrent write lost is kept.",
    );
    let mut story = String::new();
    let mut tell =
        async |words: &str, ours: Option<Object>, theirs: Object| story += &line(words, ours, theirs).await;
    tell("Nothing is held.", None, object("1@1", "green")).await;
    tell("A tombstone for a key never heard of.", None, object("1@1,2@1", "")).await;
    tell("An update.", Some(object("1@1", "green")), object("1@1,2@2", "red")).await;
    tell("A deletion.", Some(object("1@1", "green")), object("1@1,2@2", "")).await;
    tell("A write after a deletion.", Some(object("1@1,2@2", "")), object("1@1,2@2,3@1", "red")).await;
    tell("An update that came before.", Some(object("1@1,2@2", "red")), object("1@1", "green")).await;
    tell("The same once more.", Some(object("1@1", "green")), object("1@1", "green")).await;
    tell("Concurrent, and theirs is later.", Some(object("4@1", "green")), object("4@2", "red")).await;
    tell("Concurrent, and ours is later.", Some(object("4@2", "red")), object("4@1", "green")).await;
    tell("Concurrent, a deletion wins.", Some(object("1@1,4@1", "green")), object("1@1,6@2", "")).await;
    tell("Concurrent, a deletion loses.", Some(object("1@1,6@2", "red")), object("1@1,4@1", "")).await;
    tell("Concurrent, ours is a deletion and loses.", Some(object("1@1,4@1", "")), object("1@1,6@2", "red"))
        .await;
    tell("Concurrent, and both are deletions.", Some(object("1@1,4@1", "")), object("1@1,6@2", "")).await;
    tell("Concurrent, with the same value.", Some(object("4@2", "red")), object("4@1", "red")).await;
    tell(
        "A vector that knows of ours, and yet an earlier version: the order decides.",
        Some(object("9@1", "green")),
        object("9@1,1@2", "red"),
    )
    .await;
    check::snapshot!("applied", story);
}

#[tokio::test]
async fn ex_4_3_an_object_is_stored_as_it_came() {
    check::promise(
        "Version, parent, vector, region, owner and value are those of the replica that wrote the object.",
    );
    let node = Node::open(3).await;
    node.store.put(&key("apple"), "ours").await.unwrap();
    let theirs = Object { region: "de".into(), owner: "bea".into(), ..object("2@1,7@2", "theirs") };
    let mut story = String::new();
    for (name, held) in [("apple", "a write of replica 3"), ("pear", "nothing")] {
        let Object { version, vector, region, owner, .. } = &theirs;
        writeln!(story, "{name}: {held} is held, received {}", show(&theirs)).unwrap();
        writeln!(story, "  which is version {version}, vector {vector}, region {region}, owner {owner}")
            .unwrap();
        writeln!(story, "  {}; holds {}", node.applied(name, &theirs).await, node.holds(name).await).unwrap();
        let held = node.held(name).await.unwrap();
        let Object { version, vector, region, owner, .. } = &held;
        writeln!(story, "  which is version {version}, vector {vector}, region {region}, owner {owner}")
            .unwrap();
        writeln!(story, "  {}", if held == theirs { "as it came" } else { "not as it came" }).unwrap();
    }
    // `store` wants to be told what it replaces, or it counts one object too many.
    let counts = node.store.counts().await.unwrap();
    writeln!(story, "two keys; the store counts {} objects", counts.objects).unwrap();
    check::snapshot!("as_it_came", story);
}

#[tokio::test]
async fn ex_4_3_a_breach_is_reported_and_nothing_overwritten() {
    check::promise(
        "Two different objects with one version: an error in the log says what differs, and nothing is stored.",
    );
    let node = Node::open(3).await;
    let ours = object("1@1,4@2", "before the restore");
    node.apply("apple", &ours).await;
    logs::collect();
    let mut story = String::new();
    for theirs in [
        object("1@1,4@2", "after the restore"),
        object("1@1,4@2", ""),
        object("4@2", "before the restore"),
        Object { region: "de".into(), owner: "bea".into(), ..ours.clone() },
        Object { parent: None, ..ours.clone() },
    ] {
        let applied = node.applied("apple", &theirs).await;
        writeln!(story, "{applied}; holds {}", node.holds("apple").await).unwrap();
    }
    let counted = node.merge.counts().objects["breach"];
    check::snapshot!("breaches", format!("{story}{counted} counted\n\n{}", logs::collected()));
    assert!(node.held("apple").await == Some(ours), "what is held is not what it was");
}

#[tokio::test]
async fn ex_4_3_an_echo_stays_away() {
    check::promise(
        "What was deleted here and forgotten does not come back, and what is only unknown is stored.",
    );
    let node = Node::open(3).await;
    // Its own writes are known as well: here are two, and the second is forgotten already.
    let own = node.store.put(&key("lime"), "own").await.unwrap();
    let tombstone = node.store.delete(&key("lime")).await.unwrap().unwrap();
    node.store.write(move |write| write.forget(&key("lime"), &tombstone)).await.unwrap();
    node.apply("fig", &object("9@2", "held")).await;
    node.learn(1, 5).await;
    let mut story = String::from("replica 3 knows 5@1 and its own writes, and holds fig 9@2\n");
    for (name, theirs) in [
        ("apple", object("4@1", "deleted since")),
        ("apple", object("5@1", "deleted since")),
        ("apple", object("5@2", "never heard of")),
        ("pear", object("2@2,6@1", "never heard of")),
        ("plum", object("2@2,3@1", "")),
        ("plum", object("5@1,6@2", "a new write over what is known")),
        ("lime", own),
        ("fig", object("4@1", "known, and lost against 9@2 all the same")),
    ] {
        let applied = node.applied(name, &theirs).await;
        writeln!(story, "{name} {}: {applied}; holds {}", show(&theirs), node.holds(name).await).unwrap();
    }
    for stomp in node.merge.stomps(&node.store, 9).await.unwrap() {
        writeln!(story, "kept as lost: {} {}", stomp.key, show(&stomp.lost)).unwrap();
    }
    check::snapshot!("echoes", story);
}

#[tokio::test]
async fn ex_4_3_what_happens_in_one_write() {
    check::promise(
        "Several versions of one key in one write, and a client's put among them: the latest is held at the end.",
    );
    let node = Node::open(3).await;
    let merge = node.merge.clone();
    let applied = node.store.write(move |write| {
        let key = key("apple");
        let mut applied = Vec::new();
        for theirs in
            [object("1@1,4@2", "b"), object("1@1", "a"), object("3@1", "lost"), object("1@1,4@2,5@1", "c")]
        {
            applied.push(merge.apply(write, &key, &theirs)?);
        }
        assert!(write.observe(crate::support::version("5@1")), "5 is believed");
        let put = write.put(&key, b"put".to_vec())?;
        for theirs in [object("1@1,4@2,5@1", "c"), object("1@1,4@2,6@2", "lost too"), put] {
            applied.push(merge.apply(write, &key, &theirs)?);
        }
        Ok(applied)
    });
    let applied = applied.await.unwrap();
    use Applied::{Equal, Lost, New, Newer, Older};
    assert_eq!(applied, [New, Older, Lost, Newer, Older, Lost, Equal], "what became of each");
    assert_eq!(node.holds("apple").await, "6@3 put");
}

#[tokio::test]
async fn ex_4_3_a_put_between_is_not_lost() {
    check::promise("Clients put while objects come in: at the end the latest of all writes is held.");
    let node = std::sync::Arc::new(Node::open(3).await);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 1..=40_u64 {
        let node = node.clone();
        tasks.spawn(async move {
            if number % 2 == 0 {
                node.apply("apple", &object(&format!("{number}@{}", 1 + number % 4 / 2), "theirs")).await;
            } else {
                node.store.put(&key("apple"), "ours").await.unwrap();
            }
        });
    }
    tasks.join_all().await;
    let held = node.held("apple").await.unwrap().version;
    let lost = node.merge.stomps(&node.store, 99).await.unwrap();
    let clock = node.store.clock().await.unwrap();
    assert!(held.counter >= 40, "{held} is held, and 40@1 came in");
    assert!(
        lost.iter().all(|stomp| stomp.lost.version < held),
        "a later write was lost against an earlier one"
    );
    assert!(clock >= 20, "twenty clients put, and the clock stands at {clock}");
}

#[tokio::test]
async fn ex_4_4_what_replicas_keep_for_themselves() {
    check::promise(
        "In a reserved namespace only what its layer lets in is stored; what was refused moves nothing, and is no echo later.",
    );
    let node = Node::open(3).await;
    let small = |_: &Key, object: &Object| match object.value() {
        Some(value) if value.len() > 5 => Err(BadObject("it is too long")),
        _ => Ok(()),
    };
    let mut story = String::new();
    for round in ["nobody keeps atoll.test", "a layer keeps it, and wants short values"] {
        writeln!(story, "{round}").unwrap();
        if round.starts_with('a') {
            node.store.reserve("atoll.test", small);
        }
        for (name, value) in [("one", "short"), ("two", "too long")] {
            let (merge, key) = (node.merge.clone(), Key::new("atoll.test", name).unwrap());
            let theirs = object("9@1", value);
            let apply = node.store.write(move |write| merge.apply(write, &key, &theirs));
            let applied = apply.await.unwrap().name();
            let clock = node.store.clock().await.unwrap();
            writeln!(story, "  {name}, {value}: {applied}; the clock stands at {clock}").unwrap();
        }
        node.learn(1, 9).await;
    }
    check::snapshot!("reserved", story);
}
