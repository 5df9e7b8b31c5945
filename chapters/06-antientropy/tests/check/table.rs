//! 6.4: what sessions bring into the peer table.

use antientropy::{Limits, Message};
use peers::{Peer, Teller};
use prost::Message as _;
use store::{Content, Key, Object};

use crate::believed::{check, complete, tell};
use crate::support::machines::object;
use crate::support::nodes::{Node, pair, settle};

/// The entry of a member, or of one that was removed.
fn entry(replica: u64, text: &str) -> (Key, Object) {
    let key = Key::new("atoll.peers", replica.to_string()).unwrap();
    let peer = Peer { replica, address: format!("http://replica-{replica}:4400"), ..Peer::default() };
    let entry = object(text);
    let content = match entry.content {
        Content::Value(_) => Content::Value(peer.encode_to_vec()),
        Content::Tombstone => Content::Tombstone,
    };
    (key, Object { content, ..entry })
}

/// One whole pass of replica 2 that shows these.
fn pass(mut entries: Vec<(Key, Object)>) -> Vec<Message> {
    entries.sort_by_key(|(key, _)| key.encode());
    let checks = entries.iter().map(|(key, object)| check(key.clone(), object));
    let repairs = entries.iter().cloned().map(|(key, object)| Message::Repair { key, object });
    checks.chain([complete("", "900@2")]).chain(repairs).collect()
}

async fn held(node: &Node) -> String {
    let counts = node.store.count(b"atoll.peers", b"").await.unwrap();
    format!("its table holds {} members and {} that were removed", counts.objects, counts.tombstones)
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_table_has_its_bounds_on_this_way_too() {
    check::promise(
        "A table has at most 64 members and 1,000 ids, whichever way they come; when there is room again, pings bring the rest.",
    );
    let (network, one, two) = pair(Limits::default()).await;
    let mut story = String::new();
    let session = async |words: &str, entries| {
        let ended = tell(&network, "", pass(entries)).await;
        settle().await;
        format!("a session brings {words}\n  {ended}: {}\n", held(&one).await)
    };
    story += &session("100 members", (101..=200).map(|replica| entry(replica, "9@2")).collect()).await;
    story += &session("the removal of 101", vec![entry(101, "11@2 deleted")]).await;
    let (key, object) = entry(200, "9@2");
    two.store.write(move |write| write.store(&key, None, &object)).await.unwrap();
    let told = two.peers.table().entries().await.unwrap();
    let merged = one.peers.table().merge(Teller::Member, told).await.unwrap();
    story += &format!("a ping tells of 200\n  no room for {}: {}\n", merged.no_room, held(&one).await);
    story += &session("300", vec![entry(300, "9@2")]).await;
    let removals = (1001..=2100).map(|replica| entry(replica, "12@2 deleted")).collect();
    story += &session("1,100 removals", removals).await;
    story += &format!("it knows {}\n", one.knows().await);
    check::snapshot!("bounds", story);
}
