//! 2.5: what operators see.

use std::time::Duration;

use proto::kv::v1::{GetRequest, ScanRequest};
use serve::Observe as _;
use tokio_stream::StreamExt;
use tonic::Request;

use crate::support::{Node, logs, put, settle};

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
    logs::collect();
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
    check::snapshot!("request_metrics", format!("{metrics}  and {buckets} buckets\n\n{}", logs::collected()));
}

#[tokio::test(start_paused = true)]
async fn ex_2_5_a_stream_is_in_flight_until_it_ends() {
    check::promise(
        "A stream is in flight, and takes time, until its last message; one that the client leaves is cancelled.",
    );
    let node = Node::start().await;
    node.fill(1500, 1000).await;
    logs::collect();
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
            logs::collected()
        )
    );
}

#[tokio::test(start_paused = true)]
async fn ex_2_5_a_part_of_a_second_counts() {
    check::promise("A request takes as long as it takes, to the microsecond: most end within a millisecond.");
    let node = Node::start().await;
    for (method, time) in [("Get", Duration::from_micros(250)), ("Put", Duration::from_millis(1_250))] {
        let request = node.metrics.begin(&format!("atoll.kv.v1.KeyValue/{method}"), "r1");
        tokio::time::advance(time).await;
        request.end(tonic::Code::Ok);
    }
    check::snapshot!("parts_of_a_second", node.metrics(&["atoll_request_duration_seconds_sum"]).await);
}
