//! 3.2: what a replica does with what the table says of itself.

use std::fmt::Write as _;

use peers::{Peer, Table, Teller};
use store::{Key, Object};

use crate::support::{entry, peer, show_merged, show_table, table};

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
