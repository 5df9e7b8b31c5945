//! 3.2: two tables become one.

use std::fmt::Write as _;

use peers::{Conflict, Known, Merged, Peer, Standing, Table, Teller};
use prost::Message;
use store::{Key, Object, ReplicaId};

use crate::support::{entry, impostor, peer, show_entries, show_merged, show_table, store, table};

#[tokio::test]
async fn ex_3_2_two_replicas_learn_what_the_other_knows() {
    check::promise(
        "After two replicas have merged each other's tables, both hold the later of every two entries.",
    );
    let (us, us_table) = table(peer(1, "us")).await;
    let (de, de_table) = table(peer(2, "de")).await;
    let mut story = String::new();
    let meet = || async {
        let to_de = de_table.merge(Teller::Member, us_table.entries().await.unwrap()).await;
        let to_us = us_table.merge(Teller::Member, de_table.entries().await.unwrap()).await;
        format!("  2 merges: {}  1 merges: {}", show_merged(to_de), show_merged(to_us))
    };
    for (words, round) in
        ["they meet", "3 joins at 1, 4 joins at 2", "3 moves at 2, 4 is removed at 1"].into_iter().zip(1..)
    {
        writeln!(story, "{words}").unwrap();
        match round {
            2 => {
                us_table.add(peer(3, "sg")).await.unwrap();
                de_table.add(peer(4, "sg")).await.unwrap();
            }
            3 => {
                de_table.add(Peer { address: "http://moved:4400".into(), ..peer(3, "sg") }).await.unwrap();
                us_table.remove(ReplicaId(4)).await.unwrap();
            }
            _ => {}
        }
        story += &meet().await;
        writeln!(story, "  replica 1 holds\n{}", show_table(&us, &us_table).await).unwrap();
        assert_eq!(us_table.peers().await, de_table.peers().await, "both know the same replicas");
    }
    writeln!(story, "they meet once more, and nothing is new").unwrap();
    let commits = us.engine().stats().commits;
    story += &meet().await;
    writeln!(story, "  which took {} commits", us.engine().stats().commits - commits).unwrap();
    let counts = us.counts().await.unwrap();
    writeln!(
        story,
        "  replica 1 counts {} objects and {} tombstones, and replica 2 holds\n{}",
        counts.objects,
        counts.tombstones,
        show_table(&de, &de_table).await
    )
    .unwrap();
    check::snapshot!("tables", story);
}

#[tokio::test]
async fn ex_3_2_the_clock_observes_every_version() {
    check::promise("What a replica writes after a merge is later than every version that it has seen.");
    let (us, us_table) = table(peer(1, "us")).await;
    let mut story = String::new();
    let at = |counter: u64| Some(Peer { address: format!("http://at-{counter}:1"), ..peer(5, "de") });
    for (words, who, version) in [
        ("an entry that wins", at(40), (40, 2)),
        ("one that loses", at(30), (30, 9)),
        ("one that loses by the id of its writer", at(40), (40, 1)),
        ("the first again", at(40), (40, 2)),
        ("a removal that is earlier", None, (39, 9)),
        ("a removal that is later", None, (50, 3)),
    ] {
        let merged = show_merged(us_table.merge(Teller::Member, vec![entry(who, 5, version)]).await);
        writeln!(story, "{words}, {}@{}: {}", version.0, version.1, merged.trim()).unwrap();
    }
    write!(story, "{}", show_table(&us, &us_table).await).unwrap();
    let version = us_table.add(peer(7, "sg")).await.unwrap();
    writeln!(story, "then replica 1 adds replica 7 with version {version}").unwrap();
    check::snapshot!("clock", story);
}

#[tokio::test]
async fn ex_3_2_a_replica_corrects_what_is_said_of_it_and_stays_removed() {
    check::promise(
        "A replica mends its own entry once, and does not write itself back in when it was removed.",
    );
    let (de, de_table) = table(peer(2, "de")).await;
    let mut story = format!("replica 2 has announced itself\n{}", show_table(&de, &de_table).await);
    let again = Table::open(de.clone(), peer(2, "de")).await.map(|_| ());
    write!(story, "it starts again, nothing has changed: {again:?}\n{}", show_table(&de, &de_table).await)
        .unwrap();
    let moved = Peer { address: "http://new:4400".into(), ..peer(2, "de") };
    let moved = Table::open(de.clone(), moved).await.unwrap();
    write!(story, "it starts with another address\n{}", show_table(&de, &moved).await).unwrap();
    let me = Peer { region: "at".into(), ..moved.me().clone() };
    let moved = Table::open(de.clone(), me).await.unwrap();
    write!(story, "it starts in another region\n{}", show_table(&de, &moved).await).unwrap();
    let wrong = Peer { address: "http://typo:4400".into(), directory: Vec::new(), ..peer(2, "de") };
    for words in ["an operator has added it with a wrong address at replica 1", "the same again"] {
        let merged = moved.merge(Teller::Member, vec![entry(Some(wrong.clone()), 2, (9, 1))]).await;
        write!(story, "{words}\n  merge: {}{}", show_merged(merged), show_table(&de, &moved).await).unwrap();
    }
    let nearly = Peer { address: "http://new:4400".into(), directory: Vec::new(), ..peer(2, "at") };
    let merged = moved.merge(Teller::Member, vec![entry(Some(nearly), 2, (12, 1))]).await;
    let words = "an operator has added it with the right address, and cannot know its directory";
    write!(story, "{words}\n  merge: {}{}", show_merged(merged), show_table(&de, &moved).await).unwrap();
    for words in ["it was removed", "the same again"] {
        let merged = moved.merge(Teller::Member, vec![entry(None, 2, (20, 1))]).await;
        write!(story, "{words}\n  merge: {}{}", show_merged(merged), show_table(&de, &moved).await).unwrap();
    }
    let opened = Table::open(de, peer(2, "de")).await.map(|_| ()).unwrap_err();
    writeln!(story, "it starts again: {opened}").unwrap();
    check::snapshot!("own_entry", story);
}

#[tokio::test]
async fn ex_3_2_a_replica_corrects_its_entry_whichever_way_it_came() {
    check::promise(
        "A wrong entry of a replica that came by a stream or a repair is mended too, at the next meeting.",
    );
    let (de, de_table) = table(peer(2, "de")).await;
    let wrong = Peer { address: "http://typo:4400".into(), ..peer(2, "de") };
    let came = entry(Some(wrong), 2, (9, 1));
    let (key, object) =
        (Key::new("atoll.peers", "2").unwrap(), Object::try_from(came.object.unwrap()).unwrap());
    // What chapter 04 does with an object, in short.
    let store = de.write(move |write| {
        assert!(write.observe(object.version));
        let ours = write.current(&key)?;
        write.store(&key, ours.as_ref(), &object)
    });
    store.await.unwrap();
    let mut story = format!("it came by a stream\n{}", show_table(&de, &de_table).await);
    for words in ["replica 1 pings, and tells the same", "once more"] {
        let entries = de_table.entries().await.unwrap();
        let merged = de_table.merge(Teller::Member, entries).await;
        write!(story, "{words}\n  merge: {}{}", show_merged(merged), show_table(&de, &de_table).await)
            .unwrap();
    }
    check::snapshot!("own_entry_streamed", story);
}

#[tokio::test]
async fn ex_3_2_one_id_for_two_replicas_is_found_out() {
    check::promise(
        "Two data directories with one replica id are reported wherever their entries meet, whichever of them is the later and stands.",
    );
    let first = peer(2, "de");
    let second = impostor(&first, 0xcc);
    let mut story = String::new();
    for (words, entries) in [
        ("the later one comes second", [(&first, (1, 2)), (&second, (3, 2))]),
        ("the later one comes first", [(&second, (3, 2)), (&first, (1, 2))]),
        ("both have written 5@2", [(&first, (5, 2)), (&second, (5, 2))]),
    ] {
        let (sg, sg_table) = table(peer(3, "sg")).await;
        writeln!(story, "{words}").unwrap();
        for (who, version) in entries {
            // Somebody else comes in the same message, and it is not his conflict.
            let other = entry(Some(peer(4, "us")), 4, (version.0, 4));
            let merged =
                sg_table.merge(Teller::Member, vec![entry(Some(who.clone()), 2, version), other]).await;
            write!(
                story,
                "  {}@{} of directory {:02x}..: {}",
                version.0,
                version.1,
                who.directory[0],
                show_merged(merged)
            )
            .unwrap();
        }
        write!(story, "{}", show_table(&sg, &sg_table).await).unwrap();
    }
    let (de, de_table) = table(first.clone()).await;
    // Replica 1 was told of it by an operator: a version of replica 2's own would say that it went back in time.
    let merged = de_table.merge(Teller::Member, vec![entry(Some(second.clone()), 2, (8, 1))]).await.unwrap();
    assert_eq!(merged.standing, Standing::Taken(second.clone()), "the other one's entry is later");
    let conflicts = merged.conflicts.iter().map(Conflict::to_string).collect::<Vec<_>>().join("\n  ");
    write!(
        story,
        "replica 2 itself learns of 8@1 of directory cc..\n  {conflicts}\n{}",
        show_table(&de, &de_table).await
    )
    .unwrap();
    let restarted = Table::open(de, first).await.map(|_| ()).unwrap_err();
    writeln!(story, "it starts again: {restarted}").unwrap();
    check::snapshot!("two_with_one_id", story);
}

#[tokio::test]
async fn ex_3_2_the_order_of_merges_does_not_matter() {
    check::promise(
        "Whatever is merged with what, in whatever order and however often, the table is the same.",
    );
    let seed = 32;
    check::note(&format!("the entries and their orders come from seed {seed}"));
    let mut random = fastrand::Rng::with_seed(seed);
    // Each version is given once, so equal versions have equal bytes.
    let mut entries: Vec<_> = (1..=12)
        .flat_map(|counter| [1, 2, 3].map(|writer| (counter, writer)))
        .map(|version| {
            let replica = random.u64(4..=8);
            let address = format!("http://at-{}-{}:1", version.0, version.1);
            let peer = Peer { address, ..peer(replica, "de") };
            entry((random.u8(..) > 64).then_some(peer), replica, version)
        })
        .collect();
    let mut tables = Vec::new();
    for _ in 0..6 {
        random.shuffle(&mut entries);
        let store = store(9).await;
        let table = Table::open(store.clone(), peer(9, "us")).await.unwrap();
        let mut rest = &entries[..];
        while !rest.is_empty() {
            let (group, after) = rest.split_at(random.usize(1..=rest.len()));
            table.merge(Teller::Member, group.to_vec()).await.unwrap();
            // Some of it comes twice.
            table.merge(Teller::Member, group[..group.len() / 2].to_vec()).await.unwrap();
            rest = after;
        }
        tables.push(show_table(&store, &table).await);
    }
    if let Some(other) = tables.iter().find(|table| **table != tables[0]) {
        panic!("the same entries in two orders give two tables:\n{}and\n{other}", tables[0]);
    }
    check::snapshot!("any_order", format!("36 entries in 6 orders, always\n{}", tables[0]));
}

#[tokio::test]
async fn ex_3_2_bad_entries_are_refused_whole() {
    check::promise("An entry that cannot be is refused, and with it all that came in its message.");
    let (us, us_table) = table(peer(1, "us")).await;
    let mut story = String::new();
    let good = entry(Some(peer(2, "de")), 2, (3, 2));
    let mut without_object = good.clone();
    without_object.object = None;
    for (words, bad) in [
        ("id 0", entry(None, 0, (3, 2))),
        ("a version of replica 0", entry(None, 4, (3, 0))),
        ("a counter of 0", entry(None, 4, (0, 3))),
        ("an entry of 4 about 5", entry(Some(peer(5, "de")), 4, (3, 3))),
        ("no object", without_object),
    ] {
        let merged: Result<Merged, _> = us_table.merge(Teller::Member, vec![good.clone(), bad]).await;
        write!(story, "{words}: {}", show_merged(merged)).unwrap();
    }
    let entries = us_table.entries().await.unwrap();
    writeln!(story, "{}  clock {}", show_entries(entries), us.clock().await.unwrap()).unwrap();
    check::snapshot!("bad_entries", story);
}

#[tokio::test]
async fn ex_3_2_a_bad_record_ends_nothing() {
    check::promise(
        "A record in the table that can be no entry is passed over and not told to others; a replica starts with it, and mends its own.",
    );
    let store = store(2).await;
    let bad = [
        ("1", b"no Peer".to_vec()),
        ("2", b"no Peer, under this replica's own id".to_vec()),
        ("3", peer(4, "sg").encode_to_vec()),
        ("05", peer(5, "sg").encode_to_vec()),
        ("six", peer(6, "sg").encode_to_vec()),
        ("7", peer(7, "sg").encode_to_vec()),
    ];
    let keys: Vec<_> = bad.iter().map(|(name, _)| Key::new("atoll.peers", *name).unwrap()).collect();
    for (key, (_, value)) in keys.iter().zip(bad) {
        store.put(key, value).await.unwrap();
    }
    let table = Table::open(store.clone(), peer(2, "de")).await.unwrap();
    let mut story = format!("it tells others of\n{}", show_table(&store, &table).await);
    let mut known = Vec::new();
    for id in [1, 2, 3, 7] {
        known.push(match table.find(ReplicaId(id)).await.unwrap() {
            Known::Member(peer) => format!("{id} at {}", peer.address),
            other => format!("{id} {other:?}"),
        });
    }
    writeln!(story, "it knows {}", known.join(", ")).unwrap();
    let peers: Vec<_> = table.peers().await.unwrap().into_iter().map(|peer| peer.replica).collect();
    writeln!(story, "members {peers:?}, removed {:?}", table.removed().await.unwrap()).unwrap();
    let merged = table.merge(Teller::Member, vec![entry(Some(peer(1, "us")), 1, (90, 1))]).await;
    write!(story, "replica 1 tells of itself: {}", show_merged(merged)).unwrap();
    table.add(peer(3, "sg")).await.unwrap();
    table.remove(ReplicaId(7)).await.unwrap();
    write!(story, "an operator adds 3 and removes 7\n{}", show_table(&store, &table).await).unwrap();
    check::snapshot!("bad_records", story);
}

#[tokio::test]
async fn ex_3_2_a_counter_that_cannot_be_true_is_not_taken_in() {
    check::promise(
        "An entry from too far ahead is left out, and the clock stays; the other entries of the table come in.",
    );
    let (us, us_table) = table(peer(1, "us")).await;
    let entries = vec![
        entry(Some(peer(4, "sg")), 4, (store::MAX_AHEAD + 9, 4)),
        entry(Some(peer(5, "sg")), 5, (7, 5)),
        entry(None, 6, (1 << 61, 5)),
    ];
    let merged = show_merged(us_table.merge(Teller::Member, entries).await);
    check::snapshot!("too_far_ahead", format!("{merged}{}", show_table(&us, &us_table).await));
}
