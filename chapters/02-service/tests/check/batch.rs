//! 2.4: many writes, one answer.

use std::fmt::Write as _;
use std::time::Duration;

use prost::Message;
use proto::kv::v1::{BatchRequest, DeleteRequest, batch_request, batch_result};
use service::MAX_BATCH;
use tokio_stream::StreamExt;

use crate::support::{Node, put, show, show_metadata, show_refusal};

fn batch_put(id: u64, key: &str, value: impl Into<Vec<u8>>) -> BatchRequest {
    BatchRequest { id, write: Some(batch_request::Write::Put(put(key, value))) }
}

fn batch_delete(id: u64, key: &str) -> BatchRequest {
    let delete = DeleteRequest { key: key.into(), ..Default::default() };
    BatchRequest { id, write: Some(batch_request::Write::Delete(delete)) }
}

#[tokio::test]
async fn ex_2_4_a_batch_has_a_result_for_each_write() {
    check::promise(
        "Each write of a batch gets its own result, in order; one that is refused leaves the others alone.",
    );
    let node = Node::start().await;
    let mut client = node.handlers().await;
    let requests = vec![
        batch_put(7, "apple", "green"),
        batch_put(8, "", "no key"),
        batch_put(9, "apple", "red"),
        batch_put(9, "large", vec![0; (1 << 20) + 1]),
        batch_delete(4, "plum"),
        BatchRequest { id: 5, write: None },
        batch_put(6, "pear", "green"),
        batch_delete(7, "apple"),
    ];
    let response = client.batch(tokio_stream::iter(requests)).await.unwrap().into_inner();
    let mut story = String::new();
    for result in response.results {
        let outcome = match result.outcome {
            Some(batch_result::Outcome::Metadata(metadata)) => show_metadata(Some(metadata)),
            Some(batch_result::Outcome::Refusal(refusal)) => show_refusal(refusal),
            None => "no outcome".into(),
        };
        writeln!(story, "{}: {outcome}", result.id).unwrap();
    }
    writeln!(story, "written {}, refused {}\n", response.written, response.refused).unwrap();
    story += &store::Dump::of(node.store.engine()).await.unwrap().to_string();
    story += "\nmetrics\n";
    story += &node.metrics(&["atoll_object_w", "atoll_stream"]).await;
    check::snapshot!("batch", story);
}

#[tokio::test]
async fn ex_2_4_a_batch_shares_its_waits_for_the_disk() {
    check::promise("A batch of 300 writes goes to disk in a few groups, neither one by one nor all at once.");
    let node = Node::start().await;
    let mut client = node.handlers().await;
    let before = node.store.engine().stats().commits;
    let requests: Vec<_> = (0..300).map(|id| batch_put(id, &format!("key-{id:03}"), "x")).collect();
    let response = client.batch(tokio_stream::iter(requests)).await.unwrap().into_inner();
    let commits = node.store.engine().stats().commits - before;
    let in_order = response.results.iter().map(|result| result.id).eq(0..300);
    let on_disk = node.store.count(b"default", b"").await.unwrap().objects;
    check::snapshot!(
        "batch_groups",
        format!("results {}, in order {in_order}; on disk {on_disk}", response.results.len())
    );
    assert!((5..=10).contains(&commits), "300 writes, 64 in a group, went to disk in {commits} commits");
}

#[tokio::test]
async fn ex_2_4_a_group_is_bounded_in_bytes() {
    check::promise("A batch of large values keeps little of it in memory: it is written as it comes.");
    let node = Node::start().await;
    let mut client = node.handlers().await;
    let large = |id| batch_put(id, &format!("key-{id:03}"), vec![b'x'; 600_000]);
    let requests: Vec<_> = (0..10).map(large).collect();
    let before = node.store.engine().stats().commits;
    let response = client.batch(tokio_stream::iter(requests)).await.unwrap().into_inner();
    let commits = node.store.engine().stats().commits - before;
    assert_eq!(response.written, 10);
    assert!((5..=10).contains(&commits), "6,000,000 bytes, about 1 MiB in a group, in {commits} commits");
}

#[tokio::test(start_paused = true)]
async fn ex_2_4_a_batch_is_bounded() {
    check::promise(
        "A batch has as many writes as the replica keeps results for; one more ends it, stream or no stream.",
    );
    let node = Node::start().await;
    let mut client = node.handlers().await;
    let full = (0..MAX_BATCH as u64).map(|id| batch_put(id, "apple", format!("{id}")));
    let answer =
        show(client.batch(tokio_stream::iter(full)).await, |r| format!("{} results", r.results.len()));
    let mut story = format!("{MAX_BATCH} writes: {answer}\n");
    // The client sends one too many, and then waits, without ending its stream.
    let endless = (0..=MAX_BATCH as u64).map(|id| batch_put(id, &format!("key-{id}"), ""));
    let endless = tokio_stream::iter(endless).chain(tokio_stream::pending());
    let answer = tokio::time::timeout(Duration::from_secs(60), client.batch(endless)).await;
    let answer = answer.map_or("no answer in a minute".into(), |answer| {
        show(answer, |response| format!("{} results", response.results.len()))
    });
    let on_disk = node.store.count(b"default", b"key-").await.unwrap().objects;
    writeln!(story, "one more, and the stream goes on: {answer}\non disk: {on_disk}").unwrap();
    check::snapshot!("batch_bound", story);
}

#[tokio::test]
async fn ex_2_4_a_batch_that_breaks_is_no_success() {
    check::promise(
        "When the stream breaks, or the engine fails, the batch ends with the error: no result means written.",
    );
    let node = Node::start().await;
    let whole = batch_put(1, "apple", "green").encode_to_vec();
    let mut frames = vec![0, 0, 0, 0, whole.len() as u8];
    frames.extend(whole);
    // And a second frame that ends too soon.
    frames.extend([0, 0, 0, 0, 20, 1, 2, 3]);
    let broken = net::raw(node.handler_routes(), "/atoll.kv.v1.KeyValue/Batch", &frames).await;
    let mut story = format!("a stream that breaks: {:?}\n", broken.code());
    let mut client = node.handlers().await;
    node.break_engine();
    let writes = (0..100).map(|id| batch_put(id, "apple", "red"));
    let answer =
        show(client.batch(tokio_stream::iter(writes)).await, |r| format!("{} results", r.results.len()));
    writeln!(story, "an engine that has stopped: {answer}").unwrap();
    check::snapshot!("batch_breaks", story);
    assert_eq!(check::panics(), 0, "panics on the way");
}
