//! What chapter 02 promises. `cargo workshop check 02` runs these tests on your code.

mod support;

use std::fmt::Write as _;
use std::time::Duration;

use prost::Message;
use prost_types::FileDescriptorSet;
use prost_types::field_descriptor_proto::Type;
use proto::kv::v1::{
    BatchRequest, CountRequest, DeleteRequest, GetRequest, ListRequest, PutRequest, ReturnOptions,
    ScanRequest, SessionRequest, StatusRequest, batch_request, batch_result, session_request,
    session_response,
};
use service::{Error, MAX_BATCH, breaches, fields};
use support::descriptors::{
    containing, field, in_oneof, message, of_type, optional, repeated, reserving, set,
};
use support::{Node, put, settle, show, show_entry, show_metadata, show_refusal, show_status, tasks};
use tokio_stream::StreamExt;
use tonic::{Request, Status};

#[test]
fn ex_2_1_each_error_has_the_code_that_says_what_to_do() {
    check::promise(
        "From the code alone a client knows whether to mend its request, to try again, or to call for help.",
    );
    let errors = [
        Error::NotFound,
        Error::BadNamespace("Fruit!".into()),
        Error::ReservedNamespace("atoll.peers".into()),
        Error::PageSize(1001),
        Error::ForeignToken,
        Error::StaleToken,
        Error::UnknownAccess,
        Error::BatchTooLong,
        Error::ShuttingDown,
        store::Error::EmptyKey.into(),
        store::Error::KeyTooLong(5000).into(),
        store::Error::NamespaceTooLong(300).into(),
        store::Error::ValueTooLarge(2_000_000).into(),
        store::Error::ZeroLimit.into(),
        store::Error::WrongReplica { found: store::ReplicaId(1), asked: store::ReplicaId(2) }.into(),
        store::Error::WrongFormat { found: 9, known: 1 }.into(),
        store::Error::Damaged { record: "\"o\\x05\"".into(), what: "it has no version".into() }.into(),
        store::Error::ClockExhausted.into(),
        store::Error::Engine(engine::Error::Stopped { reason: "no space left".into() }).into(),
        store::Error::Engine(engine::Error::Closed).into(),
        store::Error::Engine(engine::Error::Locked { dir: "data".into() }).into(),
        store::Error::Engine(engine::Error::Io {
            action: "write 000007.log".into(),
            kind: std::io::ErrorKind::StorageFull,
            message: "no space left on device".into(),
        })
        .into(),
        store::Error::Engine(engine::Error::Corrupt { file: "000005.ldb".into(), what: "cut short".into() })
            .into(),
    ];
    let table: String = errors.into_iter().map(|error| show_status(&Status::from(error)) + "\n").collect();
    check::snapshot!("statuses", table);
}

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

/// How many objects may be read from the store before a client has read any: what fits into the
/// windows of the connection (three times 64 KiB), the channel, and a page with its chunks.
const AHEAD: u64 = 600;

#[tokio::test(start_paused = true)]
async fn ex_2_3_a_scan_waits_for_its_reader() {
    check::promise(
        "While the client reads nothing, the replica holds a bounded part of the scan, not all of it.",
    );
    let node = Node::start().await;
    node.fill(3000, 1000).await;
    let mut client = node.handlers().await;
    let mut entries = client.scan(ScanRequest::default()).await.unwrap().into_inner();
    settle().await;
    let read = node.store.engine().stats().rows_scanned;
    assert!(
        read <= AHEAD,
        "the client has read nothing, and {read} of 3000 objects were read from the store for it"
    );
    let mut last = Vec::new();
    for number in 0..3000 {
        let entry = entries.next().await.unwrap().unwrap().entry.unwrap();
        assert!(entry.key > last, "entry {number}, \"{}\", is out of order", entry.key.escape_ascii());
        last = entry.key;
    }
    assert!(entries.next().await.is_none(), "after all 3000 objects the scan goes on");
    check::snapshot!("scan_metrics", node.metrics(&["atoll_object_read", "atoll_stream"]).await);
}

#[tokio::test(start_paused = true)]
async fn ex_2_3_a_scan_ends_when_its_reader_goes_away() {
    check::promise(
        "When the client goes away, the scan ends: no task is left, and nothing more is read for nobody.",
    );
    let node = Node::start().await;
    node.fill(3000, 1000).await;
    let mut client = node.handlers().await;
    let _ = client.status(StatusRequest::default()).await;
    settle().await;
    let before = tasks();
    let mut entries = client.scan(ScanRequest::default()).await.unwrap().into_inner();
    entries.next().await.expect("the stream ended before its first entry").unwrap();
    settle().await;
    let sent = node.metrics(&["atoll_stream"]).await;
    drop(entries);
    settle().await;
    assert_eq!(
        sent,
        node.metrics(&["atoll_stream"]).await,
        "messages sent, before and after the client left"
    );
    assert_eq!(check::panics(), 0, "panics of the task when the client left");
    let read = node.store.engine().stats().rows_scanned;
    assert!(
        read <= AHEAD,
        "the client left after one entry, and {read} of 3000 objects were read from the store"
    );
    let left = tasks() - before;
    assert_eq!(left, 0, "{left} more tasks than before the scan are still alive");
}

#[tokio::test(start_paused = true)]
async fn ex_2_3_a_scan_tells_what_it_was_asked_for_and_why_it_ended() {
    check::promise(
        "A scan gives what was asked for, in order, and when the store fails, the error is its last message.",
    );
    let node = Node::start().await;
    let mut client = node.handlers().await;
    for (key, value) in [("fig", "1"), ("apple", "2"), ("fennel", "3"), ("date", "4")] {
        client.put(put(key, value)).await.unwrap();
    }
    client.delete(DeleteRequest { key: b"fennel".to_vec(), ..Default::default() }).await.unwrap();
    let tombstones = Some(ReturnOptions { tombstones: true, ..Default::default() });
    let scans = [
        ("all", ScanRequest::default()),
        ("prefix f", ScanRequest { prefix: b"f".to_vec(), ..Default::default() }),
        (
            "prefix f, tombstones",
            ScanRequest { prefix: b"f".to_vec(), options: tombstones, ..Default::default() },
        ),
        ("after date", ScanRequest { start_after: b"date".to_vec(), ..Default::default() }),
        ("a bad namespace", ScanRequest { namespace: "No!".into(), ..Default::default() }),
    ];
    let mut story = String::new();
    for (words, request) in scans {
        writeln!(story, "scan {words}").unwrap();
        match client.scan(request).await {
            Err(status) => writeln!(story, "  {}", show_status(&status)).unwrap(),
            Ok(entries) => {
                let mut entries = entries.into_inner();
                while let Some(entry) = entries.next().await {
                    writeln!(story, "  {}", show_entry(entry.unwrap().entry)).unwrap();
                }
            }
        }
    }
    node.fill(3000, 1000).await;
    let mut entries = client.scan(ScanRequest::default()).await.unwrap().into_inner();
    entries.next().await.unwrap().unwrap();
    node.break_engine();
    let mut rest = entries.collect::<Vec<_>>().await;
    let last = rest.pop().unwrap();
    assert!(rest.iter().all(Result::is_ok), "an error stands before the end of the stream");
    let last =
        last.map_or_else(|status| show_status(&status), |_| "an entry, as if all had been sent".into());
    writeln!(story, "scan while the engine fails\n  …\n  {last}").unwrap();
    check::snapshot!("scans", story);
}

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

/// A request with an id that shows in the log.
fn named<T>(id: &'static str, message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("x-request-id", tonic::metadata::MetadataValue::from_static(id));
    request
}

const OF_REQUESTS: [&str; 2] = ["atoll_request", "# UNIT"];

#[tokio::test(start_paused = true)]
async fn ex_2_5_requests_are_counted_by_method_and_code() {
    check::promise(
        "Each request counts once when it ends, under its method and its code, with its duration and a log line.",
    );
    let node = Node::start().await;
    let nowhere = net::raw(node.service.routes(), "/atoll.kv.v1.KeyValue/Increment", &[0; 5]).await;
    assert_eq!(nowhere.code(), tonic::Code::Unimplemented);
    support::logs::collect();
    let mut client = node.client().await;
    let _ = client.put(named("r1", put("apple", "green"))).await;
    let _ = client.get(named("r2", GetRequest { key: b"apple".to_vec(), ..Default::default() })).await;
    let _ = client.get(named("r3", GetRequest { key: b"plum".to_vec(), ..Default::default() })).await;
    let _ = client.put(named("r4", put("", "green"))).await;
    let scan = client.scan(named("r5", ScanRequest::default())).await.unwrap().into_inner();
    assert_eq!(scan.collect::<Vec<_>>().await.len(), 1);
    settle().await;
    let metrics = node.metrics(&OF_REQUESTS).await;
    let buckets = metrics.lines().filter(|line| line.contains("_bucket")).count();
    let metrics: String =
        metrics.lines().filter(|line| !line.contains("_bucket")).map(|line| format!("{line}\n")).collect();
    check::snapshot!(
        "request_metrics",
        format!("{metrics}  and {buckets} buckets\n\n{}", support::logs::collected())
    );
}

#[tokio::test(start_paused = true)]
async fn ex_2_5_a_stream_is_in_flight_until_it_ends() {
    check::promise(
        "A stream is in flight, and takes time, until its last message; one that the client leaves is cancelled.",
    );
    let node = Node::start().await;
    node.fill(3000, 1000).await;
    support::logs::collect();
    let mut client = node.client().await;
    let mut entries = client.scan(named("r1", ScanRequest::default())).await.unwrap().into_inner();
    entries.next().await.unwrap().unwrap();
    tokio::time::sleep(Duration::from_secs(3)).await;
    let second = client.scan(named("r2", ScanRequest::default())).await.unwrap().into_inner();
    let flowing = node.metrics(&["atoll_requests"]).await;
    drop(entries);
    settle().await;
    let one_left = node.metrics(&["atoll_requests"]).await;
    drop(second);
    settle().await;
    let ended = node.metrics(&["atoll_requests", "atoll_request_duration_seconds_sum"]).await;
    check::snapshot!(
        "in_flight",
        format!(
            "while two flow\n{flowing}\nwhen one has been left\n{one_left}\nafterwards\n{ended}\n{}",
            support::logs::collected()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn ex_2_5_bad_input_gets_a_status_that_says_what_to_do() {
    check::promise(
        "Whatever a client sends, it gets a status with words that say what to do, and nothing is half written.",
    );
    let node = Node::start().await;
    let mut client = node.client().await;
    for key in ["apple", "fig", "kiwi"] {
        client.put(put(key, "green")).await.unwrap();
    }
    let mut story = String::new();
    let mut tell = |what: &str, answer: String| writeln!(story, "{what}\n    {answer}").unwrap();

    let list = ListRequest { page_size: 1, ..Default::default() };
    let page = client.list(list.clone()).await.unwrap().into_inner();
    let token = page.next_page_token;
    let mut second = ListRequest { page_token: token.clone(), page_size: 2, ..Default::default() };
    tell(
        "the token of the page before",
        show(client.list(second.clone()).await, |r| {
            r.entries.into_iter().map(|entry| show_entry(Some(entry))).collect::<Vec<_>>().join(", ")
        }),
    );
    second.prefix = b"a".to_vec();
    tell("the token with another prefix", show(client.list(second.clone()).await, |_| "a page".into()));
    second.page_token = b"no token".to_vec();
    tell("bytes that are no token", show(client.list(second.clone()).await, |_| "a page".into()));
    let mut token = proto::kv::v1::PageToken::decode(&*token).unwrap();
    token.replica = 2;
    second.page_token = token.encode_to_vec();
    tell("the token of another replica", show(client.list(second).await, |_| "a page".into()));
    let list = ListRequest { page_size: 1001, ..list };
    tell("a page of 1001", show(client.list(list).await, |_| "a page".into()));

    let large = put("large", vec![0; 3 << 20]);
    tell("a message of 3 MiB", show(client.put(large).await, |_| "written".into()));
    let raw = async |bytes: &[u8]| {
        let status = net::raw(node.service.routes(), "/atoll.kv.v1.KeyValue/Put", bytes).await;
        if status.code() == tonic::Code::Ok { "Ok".into() } else { show_status(&status) }
    };
    tell("a frame that ends too soon", raw(&[0, 0, 0, 0, 20, 18, 5, b'a', b'p']).await);
    tell("bytes that are no message", raw(&[0, 0, 0, 0, 3, 0xff, 0xff, 0xff]).await);
    tell("a namespace that is no UTF-8", raw(&[0, 0, 0, 0, 4, 0x0a, 2, 0xff, 0xfe]).await);
    // Field 15, which this program does not know, with the number 1.
    let newer = [&[0, 0, 0, 0, 6, 18, 2, b'o', b'k'][..], &[0x78, 1]].concat();
    tell("a field that only a newer replica knows", raw(&newer).await);
    let nowhere = net::raw(node.service.routes(), "/atoll.kv.v1.KeyValue/Increment", &[0; 5]).await;
    tell("a method that is not there", show_status(&nowhere));

    let mut late = Request::new(ScanRequest::default());
    late.set_timeout(Duration::ZERO);
    tell("a deadline that has passed", show(client.scan(late).await, |_| "entries".into()));
    node.shutdown.begin();
    tell("during shutdown", show(client.put(put("late", "")).await, |_| "written".into()));
    let other = Node::start().await;
    let mut client = other.client().await;
    other.break_engine();
    tell("after the engine has stopped", show(client.put(put("late", "")).await, |_| "written".into()));

    let keys: Vec<_> = node
        .store
        .scan(store::Scan { namespace: "default".into(), limit: 10, ..Default::default() })
        .await
        .unwrap()
        .objects
        .into_iter()
        .map(|(key, _)| key.key().escape_ascii().to_string())
        .collect();
    writeln!(story, "on disk at the end: {}", keys.join(" ")).unwrap();
    check::snapshot!("bad_input", story);
}

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

/// The version as a build of last year knew it: the same names, other numbers.
#[derive(Clone, PartialEq, prost::Message)]
struct OldVersion {
    #[prost(uint64, tag = "1")]
    replica: u64,
    #[prost(uint64, tag = "2")]
    counter: u64,
}

#[test]
fn ex_2_6_the_bytes_tell_numbers_and_not_names() {
    check::promise(
        "Read by hand, the bytes of an old replica show what the decoder, without any error, got wrong.",
    );
    let sent = OldVersion { replica: 2, counter: 41 };
    let bytes = sent.encode_to_vec();
    let read = proto::object::v1::Version::decode(&*bytes).unwrap();
    let mut story = format!(
        "an old replica sends   counter {}, replica {}\na new one decodes      counter {}, replica {}\nthe bytes              {}\n",
        sent.counter,
        sent.replica,
        read.counter,
        read.replica,
        hex(&bytes)
    );
    for field in fields(&bytes).unwrap() {
        writeln!(story, "  {field}").unwrap();
    }
    let object = proto::object::v1::Object {
        metadata: Some(proto::object::v1::Metadata {
            version: Some(read),
            region: "us".into(),
            tombstone: true,
            ..Default::default()
        }),
        value: vec![0xff, 0x00],
    };
    let bytes = object.encode_to_vec();
    writeln!(story, "an object              {}", hex(&bytes)).unwrap();
    for field in fields(&bytes).unwrap() {
        writeln!(story, "  {field}").unwrap();
        if let service::Value::Bytes(inner) = &field.value
            && field.number == 1
        {
            fields(inner).unwrap().iter().for_each(|field| writeln!(story, "    {field}").unwrap());
        }
    }
    check::snapshot!("bytes", story);
}

#[test]
fn ex_2_6_bytes_from_the_network_are_not_trusted() {
    check::promise(
        "Any bytes give fields or an error that says what is wrong; none lets the program fall over.",
    );
    let cases: [(&str, &[u8]); 16] = [
        ("nothing", &[]),
        ("a varint of one byte", &[0x08, 0x7f]),
        ("a varint of two bytes", &[0x08, 0xac, 0x02]),
        ("the largest varint", &[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
        ("a varint of 65 bits", &[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]),
        (
            "a varint of eleven bytes",
            &[0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
        ),
        ("a varint that does not end", &[0x08, 0x80]),
        ("fixed64 and fixed32", &[0x09, 1, 0, 0, 0, 0, 0, 0, 0x80, 0x15, 2, 0, 0, 0x80]),
        ("a fixed64 of seven bytes", &[0x09, 1, 0, 0, 0, 0, 0, 0]),
        ("bytes, and a field after them", &[0x12, 0x02, b'h', b'i', 0x18, 0x01]),
        ("bytes that end too soon", &[0x12, 0x05, b'h', b'i']),
        ("a length beyond all memory", &[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
        ("field number 0", &[0x00, 0x01]),
        ("the wire type of groups", &[0x0b]),
        ("a field number of 2^29", &[0x80, 0x80, 0x80, 0x80, 0x10, 0x01]),
        ("a field number of 2^32 + 1", &[0x88, 0x80, 0x80, 0x80, 0x80, 0x01, 0x01]),
    ];
    let mut story = String::new();
    for (words, bytes) in cases {
        writeln!(story, "{words}: {}", hex(bytes)).unwrap();
        match fields(bytes) {
            Ok(fields) => fields.iter().for_each(|field| writeln!(story, "  {field}").unwrap()),
            Err(error) => writeln!(story, "  error: {error}").unwrap(),
        }
    }
    check::snapshot!("malformed", story);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}

#[test]
fn ex_2_6_a_change_that_breaks_old_readers_is_refused() {
    check::promise(
        "A change is refused where old and new replicas could read the same bytes differently, and only there.",
    );
    let counter = || field(1, "counter", Type::Uint64);
    let replica = || field(2, "replica", Type::Uint64);
    let version = || message("Version", [counter(), replica()]);
    let later = |fields| message("Version", fields);
    let within = |inner| containing(message("Outer", []), inner);
    let spare = || reserving(message("Version", [counter()]), 2, 2);
    let changes = [
        ("no change", version(), version()),
        ("a new field", version(), later(vec![counter(), replica(), field(3, "epoch", Type::Uint64)])),
        (
            "two numbers change places",
            version(),
            later(vec![field(2, "counter", Type::Uint64), field(1, "replica", Type::Uint64)]),
        ),
        ("a number is reused", version(), later(vec![counter(), field(2, "region", Type::Uint64)])),
        ("a type changes", version(), later(vec![counter(), field(2, "replica", Type::String)])),
        (
            "the type of a message changes",
            message("Object", [of_type(field(1, "version", Type::Message), ".test.Version")]),
            message("Object", [of_type(field(1, "version", Type::Message), ".test.Time")]),
        ),
        ("one becomes many", version(), later(vec![counter(), repeated(replica())])),
        ("a field goes, and its number is reserved", version(), spare()),
        (
            "a field goes, and another number is reserved",
            version(),
            reserving(message("Version", [counter()]), 5, 5),
        ),
        ("one becomes optional", version(), later(vec![counter(), optional(replica())])),
        ("one becomes one of several", version(), later(vec![counter(), in_oneof(replica())])),
        ("a field goes, and its number is free", version(), later(vec![counter()])),
        ("a reserved number is taken", spare(), version()),
        (
            "a number behind the reserved range is taken",
            spare(),
            reserving(message("Version", [counter(), field(3, "epoch", Type::Uint64)]), 2, 2),
        ),
        ("the message goes", version(), message("Other", [])),
        ("a message within another changes", within(version()), within(later(vec![counter()]))),
    ];
    let mut story = String::new();
    for (words, old, new) in changes {
        writeln!(story, "{words}").unwrap();
        for breach in breaches(&set([old]), &set([new])) {
            writeln!(story, "  {breach}").unwrap();
        }
    }
    check::snapshot!("breaches", story);
}

#[test]
fn ex_2_6_this_release_can_talk_to_the_last() {
    check::promise(
        "No message of this repository has changed in a way that a replica of the last release would misread.",
    );
    let released = FileDescriptorSet::decode(proto::RELEASED).unwrap();
    let current = FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap();
    assert!(
        released.file.iter().any(|file| !file.message_type.is_empty()),
        "the released set has no messages"
    );
    let breaches: Vec<_> = breaches(&released, &current).iter().map(ToString::to_string).collect();
    assert!(breaches.is_empty(), "not compatible with the last release:\n{}", breaches.join("\n"));
    let mut without = current.clone();
    without.file.iter_mut().for_each(|file| file.message_type.truncate(1));
    assert!(!service::breaches(&released, &without).is_empty(), "messages went, and nothing was said");
}

#[tokio::test]
async fn count_and_status_tell_how_the_replica_fares() {
    check::promise("Count and status tell what the store holds.");
    let node = Node::start().await;
    node.fill(3, 1).await;
    let mut client = node.handlers().await;
    let request = CountRequest { prefix: b"key-00001".to_vec(), ..Default::default() };
    let counted = client.count(request).await.unwrap().into_inner().counts.unwrap();
    let status = client.status(StatusRequest::default()).await.unwrap().into_inner();
    let held = status.counts.unwrap();
    check::snapshot!(
        "status",
        format!(
            "counted {} with the prefix\n{:?}, replica {} in {}, clock {}, {} objects, {} tombstones",
            counted.objects,
            status.state(),
            status.replica,
            status.region,
            status.clock,
            held.objects,
            held.tombstones
        )
    );
}
