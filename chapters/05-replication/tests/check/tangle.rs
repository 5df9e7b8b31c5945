//! 5.4: send and receive, untangled.

use std::time::Duration;

use net::Network;
use transcript::Recorder;

use crate::support::fleet::{Node, introduce};
use crate::support::Replica;

/// So small that a few messages fill it: what takes hours with real windows takes a moment.
const WINDOW: u32 = 256;

#[tokio::test(start_paused = true)]
async fn ex_5_4_two_replicas_do_not_wait_for_each_other() {
    check::promise("Whatever is on its way, both ends go on: no replica waits for one that waits for it.");
    let recorder = Recorder::install(&[(1, "us"), (2, "de")]);
    let network = Network::with_window(WINDOW);
    let mut one = Node::serve(Replica::new(1).await, &network).await;
    let two = Node::serve(Replica::new(2).await, &network).await;
    introduce(&[&one, &two]).await;
    one.replica.fill(300).await;
    one.run();
    two.catches_up(&one, &recorder).await;
    assert_eq!(two.replica.show().await.lines().count(), 300, "objects at replica 2");
    let _ = Duration::ZERO;
}
