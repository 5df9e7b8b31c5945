//! What is given, and holds before anything is written.

use std::time::Duration;

use antientropy::{Limits, Message};
use merge::Knowledge;
use net::Network;
use peers::Role;
use prost::Message as _;
use proto::antientropy::v1::{Complete, Open, SyncMessage, sync_message};
use rpc::antientropy::v1::anti_entropy_client::AntiEntropyClient;
use serve::{Caller, Holder};
use store::ReplicaId;
use tonic::service::Routes;

use crate::support::machines::{head, key, object, words};
use crate::support::nodes::fleet;

#[test]
fn a_check_has_so_many_bytes() {
    check::promise("A CHECK costs what it costs, to the byte.");
    let mut story = String::new();
    let mut line = |what: &str, message: Message| {
        let (words, bytes) = (words(&message), SyncMessage::from(message).encoded_len());
        story += &format!("{bytes:>5} bytes  {what:<52}  {words}\n");
    };
    let check = |name: &str, text: &str| Message::Check { key: key(name), head: Some(head(text)) };
    line("a key of 5 bytes, written by one replica", check("apple", "3@1"));
    line("a larger version", check("apple", "1000000@1"));
    line("a key of 36 bytes, such as a UUID", check("0e37df36-f698-11e6-8dd4-cb9ced3df976", "1000000@1"));
    let mut three = head("1000003@3").metadata;
    three.parent = Some(object("1000002@2").version.into());
    three.vector = ["1000001@1", "1000002@2", "1000003@3"].map(|text| object(text).version.into()).to_vec();
    let head_of_three = antientropy::Head::try_from(three).unwrap();
    line("written by three replicas", Message::Check { key: key("apple"), head: Some(head_of_three) });
    line(
        "a question for what the one that asks does not hold",
        Message::Check { key: key("apple"), head: None },
    );
    line("with its value, of 5 bytes", Message::Repair { key: key("apple"), object: object("20@11") });
    line("the end of the last slice", Message::Complete { through: None, knowledge: None });
    line("the end of another slice", Message::Complete { through: Some(key("apple")), knowledge: None });
    check::snapshot!("bytes", story);
}

#[test]
fn a_message_comes_back_as_it_was() {
    check::promise("What is read is what was sent.");
    let messages = [
        Message::Check { key: key("apple"), head: Some(head("3@1 deleted")) },
        Message::Check { key: key("zn/plum"), head: None },
        Message::Repair { key: key("apple"), object: object("3@1") },
        Message::Repair { key: key("apple"), object: object("3@1 deleted") },
        Message::Complete { through: Some(key("apple")), knowledge: None },
        Message::Complete { through: None, knowledge: Some([object("7@2").version].into_iter().collect()) },
    ];
    for message in messages {
        let bytes = SyncMessage::from(message.clone()).encode_to_vec();
        let read = SyncMessage::decode(&*bytes).unwrap();
        assert_eq!(Message::try_from(read).unwrap(), message);
    }
}

/// What replica 2 answers to the first message of a session.
async fn opening(network: &Network, message: Option<sync_message::Message>) -> String {
    let mut client = AntiEntropyClient::new(network.connect(9, 2).await.unwrap());
    let status = client.synchronize(tokio_stream::iter([SyncMessage { message }])).await.unwrap_err();
    format!("  {:?}: {}\n", status.code(), status.message())
}

#[tokio::test(start_paused = true)]
async fn nobody_opens_a_session_for_another_replica() {
    check::promise("A session is for replicas, and who opens it in the name of one has its certificate.");
    let (_network, nodes) = fleet(3, Limits::default()).await;
    let open = || {
        let open = Open { protocol: 1, from: 1, to: 2, ..Open::default() };
        SyncMessage { message: Some(sync_message::Message::Open(open)) }
    };
    let mut story = String::from("replica 2 is asked for a session with replica 1\n");
    for holder in [Holder::Client, Holder::Operator, Holder::Replica(3)] {
        let routes = serve::guard(Routes::new(nodes[1].anti_entropy.server()), Role::rule);
        let channel = net::connect_as(Caller::Certified(holder.clone()), routes).await;
        let mut client = AntiEntropyClient::new(channel);
        let refused = client.synchronize(tokio_stream::iter([open()])).await.unwrap_err();
        story += &format!("by {holder}\n  {:?}: {}\n", refused.code(), refused.message());
    }
    check::snapshot!("claims", story);
}

#[tokio::test(start_paused = true)]
async fn a_session_is_refused() {
    check::promise(
        "No session runs with who is no member, was removed or left behind, or with who means another.",
    );
    let (network, nodes) = fleet(4, Limits::default()).await;
    let (one, two) = (&nodes[0], &nodes[1]);
    two.peers.table().remove(ReplicaId(3)).await.unwrap();
    // Replica 4 is not heard of for long, and left behind; the others were heard just now.
    two.merge.report(ReplicaId(4), Knowledge::default());
    tokio::time::advance(Duration::from_secs(8 * 24 * 60 * 60)).await;
    two.merge.report(ReplicaId(1), Knowledge::default());
    two.merge.collect(&two.store, &[ReplicaId(1), ReplicaId(4)]).await.unwrap();

    let open = |protocol, from, to| {
        Some(sync_message::Message::Open(Open { protocol, from, to, ..Open::default() }))
    };
    let mut story = String::from("replica 2 is to answer\n");
    for (words, first) in [
        ("a replica that nobody knows", open(1, 7, 2)),
        ("one that was removed", open(1, 3, 2)),
        ("one that was left behind", open(1, 4, 2)),
        ("one that means replica 5", open(1, 1, 5)),
        ("one that speaks protocol 2", open(2, 1, 2)),
        ("itself", open(1, 2, 2)),
        ("one that does not begin with OPEN", Some(sync_message::Message::Complete(Complete::default()))),
    ] {
        story += &format!("{words}\n{}", opening(&network, first).await);
    }
    story += "replica 1 is to begin, replica 2 too\n";
    for (node, peer) in [(one, 1), (one, 7), (two, 3), (two, 4)] {
        let error = node.anti_entropy.session(ReplicaId(peer), false).await.unwrap_err();
        story += &format!("  {:?}: {error}\n", error.code());
    }
    check::snapshot!("refused", story);
    assert_eq!(check::panics(), 0, "panics on the way");
}
