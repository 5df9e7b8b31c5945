//! Time, order and memory.

use net::Network;
use tokio::time::sleep;

use crate::support::{Diary, Talk, echo, ms, tasks};

#[tokio::test(start_paused = true)]
async fn each_way_takes_its_latency_to_the_millisecond() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(2, echo("2", &diary));
    network.latency(1, 2, ms(45));

    let channel = network.connect(1, 2).await.unwrap();
    assert_eq!(diary.now(), 90, "a connection takes a round trip");
    let mut talk = Talk::open(channel).await.unwrap();
    assert_eq!(diary.now(), 180, "and so do the headers of an answer");
    talk.say(1).await;
    assert_eq!(talk.hear().await.unwrap(), 1);
    assert_eq!(diary.now(), 270);

    network.latency(1, 2, ms(7));
    talk.say(2).await;
    assert_eq!(talk.hear().await.unwrap(), 2);
    assert_eq!(diary.now(), 284);
    assert_eq!(diary.read(), ["225 2 hears 1", "277 2 hears 2"]);
}

#[tokio::test(start_paused = true)]
async fn messages_are_on_their_way_together() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(2, echo("2", &diary));
    let talk = Talk::open(network.connect(1, 2).await.unwrap()).await.unwrap();
    network.latency(1, 2, ms(100));
    for n in 1..=3 {
        talk.say(n).await;
        sleep(ms(10)).await;
    }
    sleep(ms(200)).await;
    assert_eq!(diary.read(), ["100 2 hears 1", "110 2 hears 2", "120 2 hears 3"]);
}

async fn three_at_once() -> Vec<String> {
    let diary = Diary::new();
    let network = Network::new();
    for (replica, name) in [(1, "1"), (2, "2"), (3, "3")] {
        network.serve(replica, echo(name, &diary));
    }
    network.latency(1, 3, ms(80));
    network.latency(2, 3, ms(80));
    let (network, told) = (&network, &diary);
    let talks = [(1, 2), (1, 3), (2, 1), (2, 3), (3, 1), (3, 2)].map(|(from, to)| async move {
        let mut talk = Talk::open(network.connect(from, to).await.unwrap()).await.unwrap();
        for n in 1..=20 {
            talk.say(n).await;
            talk.hear().await.unwrap();
            told.write(&format!("{from} has the answer of {to}"));
        }
    });
    let [a, b, c, d, e, f] = talks;
    tokio::join!(a, b, c, d, e, f);
    diary.read()
}

#[test]
fn two_runs_are_the_same() {
    let run = || {
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        runtime.block_on(three_at_once())
    };
    let first = run();
    assert!(first.len() >= 240, "each heard, and each was answered");
    for _ in 0..5 {
        assert_eq!(run(), first);
    }
}

#[tokio::test(start_paused = true)]
async fn no_task_is_left() {
    let diary = Diary::new();
    let network = Network::new();
    network.latency(1, 2, ms(45));
    let ends: [(&str, &dyn Fn()); 5] = [
        ("dropped", &|| {}),
        ("reset", &|| network.reset(1, 2)),
        ("removed", &|| network.remove(2)),
        ("cut there", &|| network.cut(1, 2)),
        ("cut back", &|| network.cut(2, 1)),
    ];
    for (name, end) in ends {
        network.serve(2, echo("2", &diary));
        let channel = network.connect(1, 2).await.unwrap();
        let mut talk = Talk::open(channel.clone()).await.unwrap();
        talk.say(1).await;
        talk.hear().await.unwrap();
        assert_ne!(tasks(), 0);
        end();
        drop((talk, channel));
        sleep(ms(60_000)).await;
        assert_eq!(tasks(), 0, "{name}");
        network.heal(1, 2);
        network.heal(2, 1);
    }
}

#[tokio::test(start_paused = true)]
async fn the_network_takes_its_connections_with_it() {
    let diary = Diary::new();
    let network = Network::new();
    network.serve(2, echo("2", &diary));
    let channel = network.connect(1, 2).await.unwrap();
    let mut talk = Talk::open(channel.clone()).await.unwrap();
    drop(network);
    assert!(talk.hear().await.is_err());
    assert!(Talk::open(channel).await.is_err());
    drop(talk);
    sleep(ms(1)).await;
    assert_eq!(tasks(), 0);
}
