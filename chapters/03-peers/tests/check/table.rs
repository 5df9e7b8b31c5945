//! 3.2: two tables become one.

use std::fmt::Write as _;

use peers::{Conflict, Peer, Standing, Table, Teller};
use store::ReplicaId;

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
async fn ex_3_2_what_wins_is_stored_as_it_came() {
    check::promise(
        "An entry that wins is the same on all replicas, to the last field; a large counter wins, too.",
    );
    let (_, us_table) = table(peer(1, "us")).await;
    let first = Peer { address: "http://first:1".into(), ..peer(5, "de") };
    for (who, version) in [(first, (40, 2)), (peer(5, "de"), ((1 << 32) + 1, 3))] {
        let sent = entry(Some(who), 5, version);
        us_table.merge(Teller::Member, vec![sent.clone()]).await.unwrap();
        let held = us_table.entries().await.unwrap().into_iter().filter(|entry| entry.replica == 5);
        assert!(
            held.clone().eq([sent]),
            "{}@{} came and wins, and this replica does not hold it as it came: its version, parent, vector and value. It holds\n{}",
            version.0,
            version.1,
            show_entries(held.collect())
        );
    }
}

#[tokio::test]
async fn ex_3_2_all_conflicts_are_reported() {
    check::promise("Of several ids that two replicas have, each is reported.");
    let (_, table) = table(peer(1, "us")).await;
    let both = [peer(2, "de"), peer(4, "sg")];
    let of = |peer: &Peer, counter| entry(Some(peer.clone()), peer.replica, (counter, peer.replica));
    table.merge(Teller::Member, both.iter().map(|peer| of(peer, 1)).collect()).await.unwrap();
    let copies = both.iter().map(|peer| of(&impostor(peer, 0xcc), 3)).collect();
    check::snapshot!("two_conflicts", show_merged(table.merge(Teller::Member, copies).await));
}

#[tokio::test]
async fn ex_3_2_a_start_announces_its_run() {
    check::promise(
        "Each start has a name of its own, and stands in the table with it: so a copy is found out.",
    );
    let started = |run: u8| Peer { run: vec![run; 16], ..peer(1, "us") };
    let (store, _) = table(started(1)).await;
    let again = Table::open(store, started(2)).await.unwrap();
    let runs: Vec<_> = again.peers().await.unwrap().into_iter().map(|peer| peer.run).collect();
    assert!(runs == [vec![2; 16]], "the replica was started a second time, and its entry does not say so");
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
