//! Links that are cut, and heal.

use net::Network;
use tokio::time::{sleep, timeout};

use crate::support::{Diary, Talk, echo, ms};

#[tokio::test(start_paused = true)]
async fn what_is_cut_is_held_back_and_arrives_in_order() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(2, echo("2", &diary));
    let mut talk = Talk::open(network.connect(1, 2).await.unwrap()).await.unwrap();
    network.latency(1, 2, ms(20));
    talk.say(1).await;
    sleep(ms(10)).await;
    network.cut(1, 2);
    talk.say(2).await;
    talk.say(3).await;
    sleep(ms(990)).await;
    assert_eq!(diary.read().len(), 0, "what was on its way is held back too");
    network.heal(1, 2);
    for n in 1..=3 {
        assert_eq!(talk.hear().await.unwrap(), n);
    }
    assert_eq!(diary.read(), ["1020 2 hears 1", "1020 2 hears 2", "1020 2 hears 3"]);
    assert_eq!(diary.now(), 1040);
}

#[tokio::test(start_paused = true)]
async fn a_cut_is_one_way() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(2, echo("2", &diary));
    let mut talk = Talk::open(network.connect(1, 2).await.unwrap()).await.unwrap();
    network.cut(2, 1);
    talk.say(1).await;
    assert!(timeout(ms(500), talk.hear()).await.is_err(), "the answer is held back");
    assert_eq!(diary.read(), ["0 2 hears 1"]);
    network.heal(2, 1);
    assert_eq!(talk.hear().await.unwrap(), 1);
    assert_eq!(diary.now(), 500);
}

#[tokio::test(start_paused = true)]
async fn a_connection_waits_for_a_cut_link() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(2, echo("2", &diary));
    for (from, to) in [(1, 2), (2, 1)] {
        let before = diary.now();
        network.cut(from, to);
        assert!(timeout(ms(3000), network.connect(1, 2)).await.is_err(), "the dialer's deadline ends it");
        let (channel, ()) = tokio::join!(network.connect(1, 2), async {
            sleep(ms(1000)).await;
            network.heal(from, to);
        });
        channel.unwrap();
        assert_eq!(diary.now() - before, 4000);
    }
}

#[tokio::test(start_paused = true)]
async fn keep_alive_finds_a_cut() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(2, echo("2", &diary));
    let mut talk = Talk::open(network.connect(1, 2).await.unwrap()).await.unwrap();
    network.cut(2, 1);
    let ended = timeout(ms(15_001), talk.hear()).await.unwrap();
    assert!(ended.is_err());
    assert!(diary.now() >= 5000, "{}", diary.now());
    sleep(ms(1)).await;
    assert_eq!(diary.read().len(), 1, "the other end sees that this one has hung up");
}

#[tokio::test(start_paused = true)]
async fn keep_alive_leaves_a_far_peer_that_says_nothing() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(2, echo("2", &diary));
    network.latency(1, 2, ms(1000));
    let mut talk = Talk::open(network.connect(1, 2).await.unwrap()).await.unwrap();
    sleep(ms(600_000)).await;
    talk.say(1).await;
    assert_eq!(talk.hear().await.unwrap(), 1);
    assert_eq!(network.connections(), 1);
}
