//! What a pass costs between two replicas that hold the same: bytes and time, for any number of keys.
//!
//! cargo run --release -p sol06-antientropy --example measure -- 100000
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, dead_code)]

use std::time::Instant;

use antientropy::Limits;
use store::ReplicaId;

#[path = "../../../chapters/06-antientropy/tests/check/support/mod.rs"]
mod support;

use support::nodes::pair;

/// The bytes of a value, of which a session between equals sends none.
const VALUE: usize = 100;

#[tokio::main]
async fn main() {
    let keys = std::env::args().nth(1).map_or(100_000, |keys| keys.parse().expect("give a number of keys"));
    let (_network, one, two) = pair(Limits::default()).await;
    for from in (0..keys).step_by(1_000) {
        one.fill(from..keys.min(from + 1_000), VALUE).await;
    }
    pass("replica 2 is empty", &one).await;
    pass("both hold the same", &one).await;
    two.fill(0..10.min(keys), VALUE).await;
    pass("10 keys differ", &one).await;
}

/// All sessions of one pass, from the first key to the last.
async fn pass(words: &str, one: &support::nodes::Node) {
    let began = Instant::now();
    let (mut sessions, mut checked, mut pushed, mut pulled, mut sent, mut received) = (0, 0, 0, 0, 0, 0);
    loop {
        let report = one.anti_entropy.session(ReplicaId(2), false).await.unwrap();
        sessions += 1;
        checked += report.checked;
        pushed += report.pushed;
        pulled += report.pulled;
        sent += report.bytes_sent;
        received += report.bytes_received;
        if report.whole {
            break;
        }
    }
    let (seconds, each) = (began.elapsed().as_secs_f64(), (sent + received) as f64 / checked as f64);
    println!(
        "{words}: {sessions} sessions, {checked} keys checked, {pushed} pushed, {pulled} pulled, {sent} bytes sent, \
         {received} received, {each:.1} bytes a key, {seconds:.2} s"
    );
}
