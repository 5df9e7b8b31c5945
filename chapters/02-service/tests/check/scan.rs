//! 2.3: a stream that waits for its reader.

use std::fmt::Write as _;

use proto::kv::v1::{DeleteRequest, GetRequest, ReturnOptions, ScanRequest, StatusRequest};
use store::Key;
use tokio_stream::StreamExt;

use crate::support::{Node, put, settle, show_entry, show_status, tasks};

/// How many objects may be read from the store before a client has read any: what fits into the
/// windows of the connection (three times 64 KiB), the channel, and a page with its chunks.
const AHEAD: u64 = 600;

#[tokio::test(start_paused = true)]
async fn ex_2_3_a_scan_waits_for_its_reader() {
    check::promise(
        "While the client reads nothing, the replica holds a bounded part of the scan, not all of it.",
    );
    let node = Node::start().await;
    node.fill(1500, 1000).await;
    let mut client = node.handlers().await;
    let mut entries = client.scan(ScanRequest::default()).await.unwrap().into_inner();
    settle().await;
    let read = node.store.engine().stats().rows_scanned;
    assert!(
        read <= AHEAD,
        "the client has read nothing, and {read} of 1500 objects were read from the store for it"
    );
    let mut last = Vec::new();
    for number in 0..1500 {
        let entry = entries.next().await.unwrap().unwrap().entry.unwrap();
        assert!(entry.key > last, "entry {number}, \"{}\", is out of order", entry.key.escape_ascii());
        last = entry.key;
    }
    assert!(entries.next().await.is_none(), "after all 1500 objects the scan goes on");
    let read = node.store.engine().stats().rows_scanned;
    // A page is read with one object more, which says whether another page follows.
    assert!(read < 1600, "1500 objects were sent, and {read} were read from the store for it");
    check::snapshot!("scan_metrics", node.metrics(&["atoll_object_read", "atoll_stream"]).await);
}

#[tokio::test(start_paused = true)]
async fn ex_2_3_a_scan_ends_when_its_reader_goes_away() {
    check::promise(
        "When the client goes away, the scan ends: no task is left, and nothing more is read for nobody.",
    );
    let node = Node::start().await;
    node.fill(1500, 1000).await;
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
        "the client left after one entry, and {read} of 1500 objects were read from the store"
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
    node.fill(1500, 1000).await;
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

#[tokio::test(start_paused = true)]
async fn ex_2_3_what_cannot_be_read_hides_nothing_else() {
    check::promise(
        "A scan over a damaged record sends all others, and then the error that names it; a get of it is that error.",
    );
    let node = Node::start().await;
    let mut client = node.handlers().await;
    for key in ["apple", "fig", "kiwi", "plum"] {
        client.put(put(key, "green")).await.unwrap();
    }
    let fig = Key::new("default", "fig").unwrap().encode();
    let damage = node.store.engine().update(move |txn| {
        txn.put(fig, [0xff, 1]);
        Ok::<_, engine::Error>(())
    });
    damage.await.unwrap();
    let mut story = String::new();
    let get = GetRequest { key: b"fig".to_vec(), ..Default::default() };
    writeln!(story, "get fig\n  {}", show_status(&client.get(get).await.unwrap_err())).unwrap();
    writeln!(story, "scan").unwrap();
    let mut entries = client.scan(ScanRequest::default()).await.unwrap().into_inner();
    while let Some(entry) = entries.next().await {
        let line = entry.map_or_else(|status| show_status(&status), |entry| show_entry(entry.entry));
        writeln!(story, "  {line}").unwrap();
    }
    let page = node.metrics.page(&node.store).await;
    let damaged = page.lines().find(|line| line.starts_with("atoll_damaged_records_total"));
    writeln!(story, "{}", damaged.unwrap_or("not counted")).unwrap();
    check::snapshot!("damaged", story);
}
