//! 2.5: a session, with everything around the handlers.

use std::fmt::Write as _;

use proto::kv::v1::{DeleteRequest, GetRequest, SessionRequest, session_request, session_response};
use tokio_stream::StreamExt;

use crate::support::{Node, put, show_entry, show_metadata, show_refusal, show_status};

#[tokio::test(start_paused = true)]
async fn ex_2_5_a_session_answers_in_order_and_ends_with_the_replica() {
    check::promise(
        "A session answers each access before the next, goes on after a refusal, and ends when the replica does.",
    );
    let node = Node::start().await;
    let mut client = node.client().await;
    let (sender, receiver) = tokio::sync::mpsc::channel(8);
    let mut answers =
        client.session(tokio_stream::wrappers::ReceiverStream::new(receiver)).await.unwrap().into_inner();
    let get = |key: &str| session_request::Access::Get(GetRequest { key: key.into(), ..Default::default() });
    let accesses = [
        get("apple"),
        session_request::Access::Put(put("apple", "green")),
        get("apple"),
        session_request::Access::Delete(DeleteRequest { key: b"apple".to_vec(), ..Default::default() }),
        get("apple"),
    ];
    for (id, access) in accesses.into_iter().enumerate() {
        sender.send(SessionRequest { id: id as u64, access: Some(access) }).await.unwrap();
    }
    let mut story = String::new();
    for _ in 0..5 {
        let answer = answers.next().await.unwrap().unwrap();
        let words = match answer.answer.unwrap() {
            session_response::Answer::Get(get) => show_entry(get.entry),
            session_response::Answer::Put(put) => show_metadata(put.metadata),
            session_response::Answer::Delete(delete) => show_metadata(delete.metadata),
            session_response::Answer::Refusal(refusal) => show_refusal(refusal),
        };
        writeln!(story, "{}: {words}", answer.id).unwrap();
    }
    node.shutdown.begin();
    writeln!(story, "{}", show_status(&answers.next().await.unwrap().unwrap_err())).unwrap();
    check::snapshot!("session", story);
}
