//! What is refused.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use engine::{Engine, MemoryDisk};
use store::{Key, ReplicaId, Scan, Store};

use crate::support::{key, open};

#[tokio::test]
async fn bad_input_is_refused_with_what_to_do() {
    check::promise("Input that the store cannot keep is refused with a message that says what to do.");
    let disk = MemoryDisk::new();
    let store = open(&disk).await;
    let scan = Scan { limit: 0, ..crate::support::fruits() };
    let stranger = store::Identity { replica: ReplicaId(2), ..crate::support::identity() };
    let region = store::Identity { region: "r".repeat(256), ..crate::support::identity() };
    let errors = [
        Key::new("fruit", "").unwrap_err(),
        Key::new("fruit", vec![b'k'; 4097]).unwrap_err(),
        Key::new(vec![b'n'; 256], "apple").unwrap_err(),
        store.put(&key("apple"), vec![0; (1 << 20) + 1]).await.unwrap_err(),
        store.scan(scan).await.unwrap_err(),
        Store::open(Engine::memory(&disk), stranger, Vec::new()).await.map(drop).unwrap_err(),
        Store::open(Engine::memory(&disk), region, Vec::new()).await.map(drop).unwrap_err(),
    ];
    check::snapshot!("bad_input", errors.map(|error| error.to_string()).join("\n"));
}
