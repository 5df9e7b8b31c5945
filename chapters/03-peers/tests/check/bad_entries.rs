//! 3.2: entries and records that cannot be.

use std::fmt::Write as _;

use peers::{Known, Merged, Table, Teller};
use prost::Message;
use store::{Key, ReplicaId};

use crate::support::{entry, peer, show_entries, show_merged, show_table, store, table};

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
