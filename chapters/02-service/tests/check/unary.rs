//! 2.2: one request, one answer.

use std::fmt::Write as _;

use proto::kv::v1::{DeleteRequest, GetRequest, PutRequest, ReturnOptions};

use crate::support::{Node, put, show, show_entry, show_metadata};

#[tokio::test]
async fn ex_2_2_values_are_put_got_and_deleted() {
    check::promise(
        "A client puts, gets and deletes; each answer holds what was asked for, and each access is counted.",
    );
    let node = Node::start().await;
    let mut client = node.handlers().await;
    let mut story = String::new();
    for value in ["green", "red"] {
        let answer = show(client.put(put("apple", value)).await, |r| show_metadata(r.metadata));
        writeln!(story, "put apple {value}: {answer}").unwrap();
    }
    let options = [
        ("nothing asked for", ReturnOptions::default()),
        ("metadata", ReturnOptions { metadata: true, ..Default::default() }),
        ("no key", ReturnOptions { no_key: true, ..Default::default() }),
        ("no value", ReturnOptions { no_value: true, metadata: true, ..Default::default() }),
    ];
    for (words, options) in options {
        let request = GetRequest { key: b"apple".to_vec(), options: Some(options), ..Default::default() };
        writeln!(story, "get apple, {words}: {}", show(client.get(request).await, |r| show_entry(r.entry)))
            .unwrap();
    }
    for _ in 0..2 {
        let request = DeleteRequest { key: b"apple".to_vec(), ..Default::default() };
        let answer = show(client.delete(request).await, |r| show_metadata(r.metadata));
        writeln!(story, "delete apple: {answer}").unwrap();
    }
    for tombstones in [false, true] {
        let options = Some(ReturnOptions { tombstones, ..Default::default() });
        let request = GetRequest { key: b"apple".to_vec(), options, ..Default::default() };
        let answer = show(client.get(request).await, |r| show_entry(r.entry));
        writeln!(story, "get apple, tombstones {tombstones}: {answer}").unwrap();
    }
    for namespace in ["", "fruit"] {
        let request = PutRequest { namespace: namespace.into(), ..put("fig", format!("in '{namespace}'")) };
        client.put(request).await.unwrap();
    }
    let request = DeleteRequest { namespace: "fruit".into(), key: b"fig".to_vec() };
    let answer = show(client.delete(request).await, |r| show_metadata(r.metadata));
    writeln!(story, "delete fig in 'fruit': {answer}").unwrap();
    for namespace in ["", "fruit"] {
        let request = GetRequest { namespace: namespace.into(), key: b"fig".to_vec(), ..Default::default() };
        let answer = show(client.get(request).await, |r| show_entry(r.entry));
        writeln!(story, "get fig in '{namespace}': {answer}").unwrap();
    }
    story += "metrics\n";
    story += &node.metrics(&["atoll_object_"]).await;
    check::snapshot!("unary", story);
}

#[tokio::test]
async fn ex_2_2_what_cannot_be_kept_is_refused() {
    check::promise(
        "A key or a namespace that cannot be is refused before anything is written, and nothing is counted.",
    );
    let node = Node::start().await;
    let mut client = node.handlers().await;
    let mut story = String::new();
    let namespaces = ["", "fruit", "Fruit", "-fruit", "fruit/apple", "atoll.peers", &"n".repeat(64)];
    for namespace in namespaces {
        let request = PutRequest { namespace: namespace.into(), ..put("apple", "green") };
        let answer = show(client.put(request).await, |r| show_metadata(r.metadata));
        writeln!(story, "put into \"{namespace}\": {answer}").unwrap();
    }
    let requests = [put("", "green"), put(vec![b'k'; 4097], "green"), put("large", vec![0; (1 << 20) + 1])];
    for request in requests {
        let (key, value) = (request.key.len(), request.value.len());
        let answer = show(client.put(request).await, |r| show_metadata(r.metadata));
        writeln!(story, "put a key of {key} and a value of {value} bytes: {answer}").unwrap();
    }
    let request = DeleteRequest::default();
    writeln!(
        story,
        "delete an empty key: {}",
        show(client.delete(request).await, |r| show_metadata(r.metadata))
    )
    .unwrap();
    let request = GetRequest { namespace: "fruit".into(), key: b"plum".to_vec(), ..Default::default() };
    writeln!(story, "get what is not there: {}", show(client.get(request).await, |r| show_entry(r.entry)))
        .unwrap();
    story += "metrics\n";
    story += &node.metrics(&["atoll_object_"]).await;
    check::snapshot!("refused_accesses", story);
}

#[tokio::test]
async fn ex_2_2_each_put_is_a_write() {
    check::promise(
        "Each put is a write with its own version: of an empty value, and of the one that is there.",
    );
    let node = Node::start().await;
    let mut client = node.handlers().await;
    let mut story = String::new();
    for value in ["green", "green", ""] {
        let answer = show(client.put(put("apple", value)).await, |r| show_metadata(r.metadata));
        writeln!(story, "put apple \"{value}\": {answer}").unwrap();
        let request = GetRequest { key: b"apple".to_vec(), ..Default::default() };
        writeln!(story, "get apple: {}", show(client.get(request).await, |r| show_entry(r.entry))).unwrap();
    }
    check::snapshot!("each_put", story);
}

#[tokio::test]
async fn ex_2_2_a_failure_is_no_answer() {
    check::promise("Where the store fails, the client is told: that nothing is there would be an answer.");
    let node = Node::start().await;
    let mut client = node.handlers().await;
    client.put(put("apple", "green")).await.unwrap();
    node.break_engine();
    let mut story = String::from("the engine fails\n");
    let answer = show(client.put(put("apple", "red")).await, |r| show_metadata(r.metadata));
    writeln!(story, "put apple: {answer}").unwrap();
    let request = DeleteRequest { key: b"apple".to_vec(), ..Default::default() };
    writeln!(story, "delete apple: {}", show(client.delete(request).await, |r| show_metadata(r.metadata)))
        .unwrap();
    let request = GetRequest { key: b"apple".to_vec(), ..Default::default() };
    writeln!(story, "get apple: {}", show(client.get(request).await, |r| show_entry(r.entry))).unwrap();
    check::snapshot!("failures", story);
}
