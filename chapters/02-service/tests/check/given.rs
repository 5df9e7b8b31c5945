//! What stands from the start.

use proto::kv::v1::{CountRequest, StatusRequest};

use crate::support::Node;

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
