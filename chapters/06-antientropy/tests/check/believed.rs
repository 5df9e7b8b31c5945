//! 6.4: what a remote believes of an initiator, played by hand as replica 2.

use std::time::Duration;

use antientropy::{Head, Limits, Message};
use net::Network;
use proto::antientropy::v1::sync_message::Message as Kind;
use proto::antientropy::v1::{Open, SyncMessage};
use proto::object::v1::{self as wire, Metadata};
use rpc::antientropy::v1::anti_entropy_client::AntiEntropyClient;
use store::{Key, Object, ReplicaId};
use tokio::time::Instant;
use tokio_stream::{Stream, StreamExt};

use crate::sessions::show;
use crate::support::machines::{key, object, words};
use crate::support::nodes::{Node, pair, settle, tasks};

/// Says all of `said` to replica 1 in one session that begins after `after`, and tells what it answers.
pub async fn tell(network: &Network, after: &str, said: Vec<Message>) -> String {
    let after = Some(after).filter(|after| !after.is_empty()).map(|after| key(after).encode());
    let open = Open { protocol: 1, from: 2, to: 1, after: after.unwrap_or_default(), dry: false };
    let open = SyncMessage { message: Some(Kind::Open(open)) };
    let messages: Vec<_> = [open].into_iter().chain(said.into_iter().map(SyncMessage::from)).collect();
    let mut client = AntiEntropyClient::new(network.connect(9, 1).await.unwrap());
    let answers = client.synchronize(tokio_stream::iter(messages)).await;
    let mut answers = match answers {
        Ok(answers) => answers.into_inner(),
        Err(status) => return format!("{:?}: {}", status.code(), status.message()),
    };
    while let Some(answer) = answers.next().await {
        if let Err(status) = answer {
            return format!("{:?}: {}", status.code(), status.message());
        }
    }
    "ended well".into()
}

pub fn check(key: Key, theirs: &Object) -> Message {
    Message::Check { key, head: Some(Head::try_from(theirs.metadata()).unwrap()) }
}

pub fn complete(through: &str, knowledge: &str) -> Message {
    let through = Some(through).filter(|through| !through.is_empty()).map(key);
    let knowledge = Some(knowledge).filter(|text| !text.is_empty());
    Message::Complete {
        through,
        knowledge: knowledge.map(|text| [object(text).version].into_iter().collect()),
    }
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_repair_is_an_answer() {
    check::promise("The remote takes in what it asked for, once, and nothing else.");
    let mut story = String::new();
    let repair = |name: &str| Message::Repair { key: key(name), object: object("9@2") };
    for (words, said) in [
        ("an answer", vec![check(key("apple"), &object("9@2")), complete("", ""), repair("apple")]),
        ("nobody asked", vec![complete("", ""), repair("apple")]),
        ("another key", vec![check(key("apple"), &object("9@2")), complete("", ""), repair("plum")]),
        (
            "twice",
            vec![check(key("apple"), &object("9@2")), complete("", ""), repair("apple"), repair("apple")],
        ),
        (
            "a question that nobody asked",
            vec![complete("", ""), Message::Check { key: key("plum"), head: None }],
        ),
    ] {
        let (network, one, _two) = pair(Limits::default()).await;
        let ended = tell(&network, "", said).await;
        settle().await;
        story += &format!("{words}\n  {ended}\n  replica 1 holds {}\n", one.show().await);
    }
    check::snapshot!("answers_only", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_knowledge_comes_from_a_whole_pass() {
    check::promise(
        "What an initiator knew is adopted by a remote that has followed its whole pass, slice by slice, and by no other.",
    );
    let mut story = String::new();
    let passes: [(&str, &[(&str, &str)]); 5] = [
        ("one slice, from the first key to the last", &[("", "")]),
        ("only the last slice", &[("kiwi", "")]),
        ("two slices that follow on one another", &[("", "kiwi"), ("kiwi", "")]),
        ("two with a hole between", &[("", "fig"), ("kiwi", "")]),
        ("one pass, and the last slice of it again", &[("", "kiwi"), ("kiwi", ""), ("kiwi", "")]),
    ];
    for (words, slices) in passes {
        let (network, one, _two) = pair(Limits::default()).await;
        story += &format!("{words}\n");
        for (number, (after, through)) in slices.iter().enumerate() {
            // What it knew goes with a last slice; each time a little more.
            let knew = if through.is_empty() { format!("{}@2", 900 + number) } else { String::new() };
            let ended = tell(&network, after, vec![complete(through, &knew)]).await;
            settle().await;
            story += &format!("  {knew:>5}  {ended}: replica 1 knows {}\n", one.knows().await);
        }
    }
    check::snapshot!("whole_pass", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_slice_that_was_not_taken_in_ends_the_pass() {
    check::promise(
        "A remote that could not take in something of a pass does not adopt what the initiator knew.",
    );
    let (network, one, _two) = pair(Limits::default()).await;
    let far = object("4000000000000000000@3");
    let mut story = String::new();
    for (words, after, said) in [
        (
            "the first slice brings a version from far ahead",
            "",
            vec![
                check(key("apple"), &far),
                complete("kiwi", ""),
                Message::Repair { key: key("apple"), object: far.clone() },
            ],
        ),
        ("the last slice brings nothing", "kiwi", vec![complete("", "900@2")]),
    ] {
        let ended = tell(&network, after, said).await;
        settle().await;
        story += &format!("{words}\n  {ended}\n  replica 1 knows {}\n", one.knows().await);
    }
    check::snapshot!("not_followed", story);
}

/// The object with a vector of so many replicas.
fn fat(text: &str, writers: u64) -> Object {
    let mut fat = object(text);
    let version = |replica| store::Version { counter: 1, replica: ReplicaId(replica) };
    fat.vector = (10..10 + writers - 1).map(version).chain([fat.version]).collect();
    fat
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_what_no_replica_holds_is_refused() {
    check::promise(
        "A vector of 200,000 replicas ends the session; what can be no entry of the peer table is left out, and the rest comes in.",
    );
    let (network, one, _two) = pair(Limits::default()).await;
    let mut story = String::new();
    let raw = |vector: Vec<wire::Version>| {
        let metadata = Metadata { vector, ..object("9@2").metadata() };
        let object = wire::Object { metadata: Some(metadata), value: b"x".to_vec() };
        let (namespace, key) = (b"default".to_vec(), b"apple".to_vec());
        SyncMessage {
            message: Some(Kind::Repair(proto::antientropy::v1::Repair {
                namespace,
                key,
                object: Some(object),
            })),
        }
    };
    for writers in [1_000, 200_000] {
        let Object { vector, .. } = fat("9@2", writers);
        let read = Message::try_from(raw(vector.iter().map(Into::into).collect()));
        let read = read.map_or_else(|error| format!("{:?}: {error}", error.code()), |read| words(&read));
        story += &format!("a REPAIR with {writers} writers\n  {read}\n");
    }
    // In the order of the records, where a short namespace comes first.
    let entries = [("default", "plum"), ("atoll.other", "1"), ("atoll.peers", "55"), ("atoll.peers", "nine")];
    let entries = entries.map(|(namespace, name)| (Key::new(namespace, name).unwrap(), object("9@2")));
    let checks = entries.iter().map(|(key, object)| check(key.clone(), object));
    let repairs =
        entries.iter().map(|(key, object)| Message::Repair { key: key.clone(), object: object.clone() });
    let said = checks.chain([complete("", "900@2")]).chain(repairs).collect();
    story += &format!("repairs of {} keys\n  {}\n", entries.len(), tell(&network, "", said).await);
    settle().await;
    let peers = one.peers.table().peers().await.unwrap();
    let peers: Vec<_> = peers.iter().map(|peer| peer.replica).collect();
    story += &format!(
        "  replica 1 holds {}\n  its table has {peers:?}\n  it knows {}\n  {:?}\n",
        one.show().await,
        one.knows().await,
        one.merge.counts().objects
    );
    check::snapshot!("refused", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_what_an_older_program_let_in_holds_up_nothing() {
    check::promise(
        "An object that no replica would take in stays where it is: sessions pass over it, and all else comes over.",
    );
    let mut story = String::new();
    for holder in [0, 1] {
        let (_network, one, two) = pair(Limits { keys: 2, ..Limits::default() }).await;
        let broken: &Node = [&one, &two][holder];
        for (name, object) in [("apple", fat("9@3", 2_000)), ("atoll.other/x", object("9@3"))] {
            let store_it = broken.store.write(move |write| write.store(&key(name), None, &object));
            store_it.await.unwrap();
        }
        for name in ["fig", "kiwi", "plum"] {
            broken.put(name, "blue").await;
        }
        story += &format!("replica {} holds a vector of 2,000 replicas\n", holder + 1);
        loop {
            let ended = one.anti_entropy.session(ReplicaId(2), false).await;
            settle().await;
            story += &format!("  {}\n", show(&ended));
            if ended.unwrap().whole {
                break;
            }
        }
        let other = [&two, &one][holder];
        story +=
            &format!("  the other one holds {}, and knows {}\n", other.show().await, other.knows().await);
        broken.put("apple", "anew").await;
        while !one.anti_entropy.session(ReplicaId(2), false).await.unwrap().whole {}
        settle().await;
        story += &format!("  after a put of apple it holds {}\n", other.show().await);
    }
    check::snapshot!("older_program", story);
}

/// A session that replica 2 opens with replica 1, in which it says all of `said` and does not end its half.
/// Returns after how long the remote ends it, and how.
async fn never_ends(network: &Network, said: impl Stream<Item = SyncMessage> + Send + 'static) -> String {
    let mut client = AntiEntropyClient::new(network.connect(9, 1).await.unwrap());
    let began = Instant::now();
    let status = match client.synchronize(said.chain(tokio_stream::pending())).await {
        Err(status) => status,
        Ok(answers) => {
            let mut answers = answers.into_inner();
            loop {
                match answers.next().await {
                    Some(Ok(_)) => {}
                    Some(Err(status)) => break status,
                    None => panic!("the session ended well"),
                }
            }
        }
    };
    format!("after {} s {:?}: {}\n", began.elapsed().as_secs(), status.code(), status.message())
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_session_has_an_end() {
    check::promise(
        "A session in which nothing is said ends after ten seconds, before the first message too; one that goes on and on ends at its deadline.",
    );
    let (network, _one, _two) = pair(Limits::default()).await;
    settle().await;
    let idle = tasks();
    let open = Open { protocol: 1, from: 2, to: 1, ..Open::default() };
    let open = SyncMessage { message: Some(Kind::Open(open)) };
    let apple = SyncMessage::from(check(key("apple"), &object("9@2")));
    let plums = [open.clone()].into_iter().chain((10..99).map(|number| {
        let plum = key(&format!("plum-{number}"));
        SyncMessage::from(check(plum, &object("9@2")))
    }));
    let mut story = String::new();
    for (words, said) in
        [("nothing", vec![]), ("an OPEN", vec![open.clone()]), ("a CHECK", vec![open, apple])]
    {
        story += &format!("{words}\n  {}", never_ends(&network, tokio_stream::iter(said)).await);
    }
    let slowly = tokio_stream::iter(plums).throttle(Duration::from_secs(4));
    story += &format!("a CHECK each 4 s\n  {}", never_ends(&network, slowly).await);
    tokio::time::sleep(Duration::from_secs(1)).await;
    check::snapshot!("silence", story);
    assert_eq!(tasks(), idle, "tasks that have not ended");
}
