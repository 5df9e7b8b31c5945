//! What another program may say, and how far a clock moves on its word.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use engine::MemoryDisk;
use prost::Message;
use proto::object::v1 as wire;
use store::{
    Clock, Content, MAX_AHEAD, MAX_KEY, MAX_MESSAGE, MAX_NAME, MAX_NAMESPACE, MAX_VALUE, MAX_WRITERS, Object,
    ReplicaId, Scan, Version, VersionVector,
};

use crate::support::{key, open, version};

fn object(vector: impl IntoIterator<Item = Version>, value: usize) -> Object {
    let vector: VersionVector = vector.into_iter().collect();
    Object {
        version: vector.iter().max().unwrap(),
        parent: None,
        vector,
        region: "us".into(),
        owner: "ann".into(),
        content: Content::Value(vec![b'x'; value]),
    }
}

#[test]
fn what_no_replica_says_is_refused() {
    check::promise(
        "An object from another program is refused where no replica that works could have sent it.",
    );
    type Change = fn(&mut wire::Metadata, &mut Vec<u8>);
    let version = |counter, replica| wire::Version { counter, replica };
    let changes: [(&str, Change); 20] = [
        ("nothing", |_, _| {}),
        ("a parent", |metadata, _| metadata.parent = Some(wire::Version { counter: 2, replica: 1 })),
        ("no version", |metadata, _| metadata.version = None),
        ("counter 0", |metadata, _| metadata.version.as_mut().unwrap().counter = 0),
        ("replica 0", |metadata, _| metadata.version.as_mut().unwrap().replica = 0),
        ("998 more replicas in the vector", |metadata, _| {
            metadata.vector.extend((3..=1000).map(|replica| wire::Version { counter: 1, replica }));
        }),
        ("999 more replicas in the vector", |metadata, _| {
            metadata.vector.extend((3..=1001).map(|replica| wire::Version { counter: 1, replica }));
        }),
        ("no vector", |metadata, _| metadata.vector.clear()),
        ("an older write of its own in the vector", |metadata, _| metadata.vector[1].counter = 8),
        ("a later write of another in the vector", |metadata, _| metadata.vector[0].counter = 10),
        ("a write with the same counter in the vector", |metadata, _| metadata.vector[0].counter = 9),
        ("counter 0 in the vector", |metadata, _| metadata.vector[0].counter = 0),
        ("replica 0 in the vector", |metadata, _| metadata.vector[0].replica = 0),
        ("a replica twice in the vector", |metadata, _| metadata.vector[0].replica = 2),
        ("the vector in another order", |metadata, _| metadata.vector.swap(0, 1)),
        ("the write as its own parent", |metadata, _| metadata.parent = metadata.version),
        ("a parent that is not in the vector", |metadata, _| {
            metadata.parent = Some(wire::Version { counter: 3, replica: 1 });
        }),
        ("a long region", |metadata, _| metadata.region = "r".repeat(MAX_NAME + 1)),
        ("a large value", |_, value| value.resize(MAX_VALUE + 1, 0)),
        ("a tombstone with a value", |metadata, _| metadata.tombstone = true),
    ];
    let mut table = String::from("9@2, vector 2@1,9@2, but with\n");
    for (what, change) in changes {
        let (vector, value) = (vec![version(2, 1), version(9, 2)], b"red".to_vec());
        let mut metadata = wire::Metadata { version: Some(version(9, 2)), vector, ..Default::default() };
        let mut value = value;
        change(&mut metadata, &mut value);
        let read = Object::try_from(wire::Object { metadata: Some(metadata), value });
        let verdict = read.map_or_else(|error| error.0, |_| "taken");
        writeln!(table, "{what:43}  {verdict}").unwrap();
    }
    check::snapshot!("bad_objects", table);
}

#[test]
fn the_largest_object_fits_into_a_message() {
    check::promise(
        "What is taken in can be sent on: the largest object with the largest key fits into a message.",
    );
    let writers = (1..=MAX_WRITERS as u64).map(|writer| version(u64::MAX - writer, u64::MAX - writer));
    let mut largest = object(writers, MAX_VALUE);
    largest.parent = largest.vector.iter().next();
    (largest.region, largest.owner) = ("r".repeat(MAX_NAME), "o".repeat(MAX_NAME));
    let wire = wire::Object::from(&largest);
    assert_eq!(Object::try_from(wire.clone()).as_ref(), Ok(&largest), "it may be sent");
    let (namespace, key) = (vec![0xff; MAX_NAMESPACE], vec![0xff; MAX_KEY]);
    let (sequence, object) = (u64::MAX, Some(wire));
    let change = proto::replication::v1::Change { sequence, namespace, key, object };
    let message = proto::replication::v1::replicate_request::Message::Change(change);
    let bytes = proto::replication::v1::ReplicateRequest { message: Some(message) }.encoded_len();
    assert!(bytes <= MAX_MESSAGE, "{bytes} bytes are more than {MAX_MESSAGE}");
}

/// The largest at which a newcomer begins.
const MAX_BEGIN: u64 = 1 << 62;

/// A clock with so little left that half of 2^40 is a four-millionth of it.
const OLD: u64 = u64::MAX - (1 << 61);

#[test]
fn a_clock_moves_no_further_than_can_be_true() {
    check::promise(
        "A clock moves on with what it sees, and a counter that cannot be true leaves it where it is.",
    );
    let mut table = String::new();
    for (stands, seen) in [
        (5, 3),
        (5, 5 + MAX_AHEAD),
        (5, 6 + MAX_AHEAD),
        (5, u64::MAX),
        (5, MAX_BEGIN),
        (5, MAX_BEGIN + 1),
        (OLD, OLD + MAX_AHEAD / 2),
        (OLD, OLD + MAX_AHEAD / 2 + 1),
        (u64::MAX - 9, u64::MAX - 8),
        (u64::MAX - 9, 3),
    ] {
        let moved = |act: fn(&mut Clock, Version) -> bool| {
            let mut clock = Clock::new(stands, ReplicaId(1));
            let taken = act(&mut clock, version(seen, 2));
            format!("{} {}", if taken { "taken" } else { "refused" }, short(clock.counter()))
        };
        let (observed, begun) = (moved(Clock::observe), moved(Clock::begin_at));
        writeln!(
            table,
            "at {:7} sees {:14}  observe: {observed:20} begin at: {begun}",
            short(stands),
            short(seen)
        )
        .unwrap();
    }
    check::snapshot!("clock_bounds", table);
}

#[tokio::test]
async fn ex_1_4_a_page_of_long_vectors_ends_early() {
    check::promise(
        "A page fits into a message, also where each of its objects was written by 1,000 replicas.",
    );
    let store = open(&MemoryDisk::new()).await;
    let theirs = object((1..=1000).map(|writer| version(MAX_AHEAD + writer, u64::MAX - writer)), 1);
    let store_them = store.write(move |write| {
        (0..200).try_for_each(|number| write.store(&key(&format!("{number:03}")), None, &theirs))
    });
    store_them.await.unwrap();
    let namespace = key("x").namespace().to_vec();
    let page = store.scan(Scan { namespace, limit: 1000, ..Scan::default() }).await.unwrap();
    let bytes: usize = page.objects.iter().map(|(_, object)| object.encode().len()).sum();
    assert!(page.next.is_some() && bytes <= MAX_MESSAGE, "a page of {bytes} bytes");
}

/// A number in words, where it is near one of the bounds: `2^40 + 5`.
fn short(number: u64) -> String {
    for (bound, name) in [
        (u64::MAX, "MAX"),
        (OLD + MAX_AHEAD / 2, "old + 2^39"),
        (OLD, "old"),
        (MAX_BEGIN, "2^62"),
        (MAX_AHEAD, "2^40"),
    ] {
        match i128::from(number) - i128::from(bound) {
            0 => return name.to_owned(),
            above @ 1..100 => return format!("{name} + {above}"),
            below @ -99..0 => return format!("{name} - {}", -below),
            _ => {}
        }
    }
    number.to_string()
}

#[tokio::test]
async fn ex_1_2_a_write_can_be_sent_on() {
    check::promise("No write makes an object that other replicas would refuse.");
    let mut story = String::new();
    let held = [
        ("999 others wrote it", 2..=1000),
        ("1,000 wrote it, this replica among them", 1..=1000),
        ("1,000 others wrote it", 2..=1001),
        ("an older program let in 2,000 others", 2..=2001),
    ];
    for (what, writers) in held {
        let store = open(&MemoryDisk::new()).await;
        let theirs = object(writers.map(|writer| version(writer, writer)), 1);
        let stored = theirs.clone();
        let store_it = store.write(move |write| {
            assert!(write.observe(stored.version));
            write.store(&key("apple"), None, &stored)
        });
        store_it.await.unwrap();
        let served = store.get(&key("apple")).await.unwrap() == Some(theirs);
        let told = match store.put(&key("apple"), "red").await {
            Ok(put) => {
                let taken = Object::try_from(wire::Object::from(&put));
                let writers = put.vector.iter().count();
                format!(
                    "{}, {writers} in its vector, {}",
                    put.version,
                    taken.map_or("is refused", |_| "can be sent")
                )
            }
            Err(error) => error.to_string(),
        };
        writeln!(story, "{what}: {}; a put: {told}", if served { "served" } else { "not served" }).unwrap();
    }
    check::snapshot!("writers", story);
}
