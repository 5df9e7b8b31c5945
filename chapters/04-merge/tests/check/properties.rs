//! 4.3, whatever the order: merging is commutative, associative and idempotent.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use store::Object;

use crate::support::{Node, key};

const NAMES: [&str; 2] = ["apple", "pear"];

/// What happens at one of the replicas.
#[derive(Debug, Clone)]
enum Event {
    Put(usize, usize),
    Delete(usize, usize),
    /// One replica gives another what it holds of a key.
    Give(usize, usize, usize),
}

fn event() -> impl Strategy<Value = Event> {
    let (replica, name) = (0..5_usize, 0..NAMES.len());
    prop_oneof![
        (replica.clone(), name.clone()).prop_map(|(at, name)| Event::Put(at, name)),
        (replica.clone(), name.clone()).prop_map(|(at, name)| Event::Delete(at, name)),
        (replica.clone(), replica, name).prop_map(|(from, to, name)| Event::Give(from, to, name)),
    ]
}

/// All objects that five replicas made, tombstones among them.
async fn history(events: Vec<Event>) -> Vec<(&'static str, Object)> {
    let mut nodes = Vec::new();
    for replica in 1..=5 {
        nodes.push(Node::open(replica).await);
    }
    let mut objects = Vec::new();
    for event in events {
        match event {
            Event::Put(at, name) => {
                let value = format!("{} of {}", objects.len(), at + 1);
                objects.push((NAMES[name], nodes[at].store.put(&key(NAMES[name]), value).await.unwrap()));
            }
            Event::Delete(at, name) => {
                let tombstone = nodes[at].store.delete(&key(NAMES[name])).await.unwrap();
                objects.extend(tombstone.map(|tombstone| (NAMES[name], tombstone)));
            }
            Event::Give(from, to, name) => {
                if let Some(held) = nodes[from].held(NAMES[name]).await {
                    nodes[to].apply(NAMES[name], &held).await;
                }
            }
        }
    }
    objects
}

/// What a replica holds after it received these, in this order.
async fn received(objects: &[(&'static str, Object)]) -> Vec<Option<Object>> {
    let node = Node::open(9).await;
    for (name, object) in objects {
        node.apply(name, object).await;
    }
    vec![node.held(NAMES[0]).await, node.held(NAMES[1]).await]
}

#[test]
fn ex_4_3_the_order_of_arrival_does_not_matter() {
    check::promise(
        "Five replicas write and delete; whoever receives all of it, in whatever order and however often, holds the same.",
    );
    // The same cases in every run: a check that fails now and then teaches nothing.
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let random = TestRng::from_seed(RngAlgorithm::XorShift, &[4; 16]);
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let cases = prop::collection::vec(event(), 4..24).prop_flat_map(|events| {
        let order = Just((0..events.len()).collect::<Vec<_>>()).prop_shuffle();
        (Just(events), order, 0..24_usize)
    });
    let outcome = TestRunner::new_with_rng(config, random).run(&cases, |(events, order, middle)| {
        runtime.block_on(async {
            let objects = history(events).await;
            let shuffled: Vec<_> = order.iter().filter_map(|at| objects.get(*at).cloned()).collect();
            let expected = received(&objects).await;
            prop_assert_eq!(&received(&shuffled).await, &expected, "in another order");
            let twice = [shuffled.clone(), objects.clone()].concat();
            prop_assert_eq!(&received(&twice).await, &expected, "everything twice");
            // What two others merged, each a part of it, merged in turn.
            let (first, second) = shuffled.split_at(middle.min(shuffled.len()));
            let mut merged = Vec::new();
            for part in [second, first] {
                let held = received(part).await;
                merged.extend(NAMES.into_iter().zip(held).filter_map(|(name, held)| Some((name, held?))));
            }
            prop_assert_eq!(&received(&merged).await, &expected, "in two parts");
            Ok(())
        })
    });
    if let Err(fault) = outcome {
        panic!("{fault}");
    }
}
