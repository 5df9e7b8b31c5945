//! 2.6: which changes old readers survive.

use std::fmt::Write as _;

use prost::Message;
use prost_types::FileDescriptorSet;
use prost_types::field_descriptor_proto::Type;
use service::breaches;

use crate::support::descriptors::{
    containing, field, in_oneof, message, of_type, optional, repeated, reserving, set,
};

#[test]
fn ex_2_6_a_change_that_breaks_old_readers_is_refused() {
    check::promise(
        "A change is refused where old and new replicas could read the same bytes differently, and only there.",
    );
    let counter = || field(1, "counter", Type::Uint64);
    let replica = || field(2, "replica", Type::Uint64);
    let version = || message("Version", [counter(), replica()]);
    let later = |fields| message("Version", fields);
    let within = |inner| containing(message("Outer", []), inner);
    let spare = || reserving(message("Version", [counter()]), 2, 2);
    let changes = [
        ("no change", version(), version()),
        ("a new field", version(), later(vec![counter(), replica(), field(3, "epoch", Type::Uint64)])),
        (
            "two numbers change places",
            version(),
            later(vec![field(2, "counter", Type::Uint64), field(1, "replica", Type::Uint64)]),
        ),
        ("a number is reused", version(), later(vec![counter(), field(2, "region", Type::Uint64)])),
        ("a type changes", version(), later(vec![counter(), field(2, "replica", Type::String)])),
        (
            "the type of a message changes",
            message("Object", [of_type(field(1, "version", Type::Message), ".test.Version")]),
            message("Object", [of_type(field(1, "version", Type::Message), ".test.Time")]),
        ),
        ("one becomes many", version(), later(vec![counter(), repeated(replica())])),
        ("a field goes, and its number is reserved", version(), spare()),
        (
            "a field goes, and another number is reserved",
            version(),
            reserving(message("Version", [counter()]), 5, 5),
        ),
        ("one becomes optional", version(), later(vec![counter(), optional(replica())])),
        ("one becomes one of several", version(), later(vec![counter(), in_oneof(replica())])),
        ("a field goes, and its number is free", version(), later(vec![counter()])),
        ("a reserved number is taken", spare(), version()),
        (
            "a number behind the reserved range is taken",
            spare(),
            reserving(message("Version", [counter(), field(3, "epoch", Type::Uint64)]), 2, 2),
        ),
        ("the message goes", version(), message("Other", [])),
        ("a message within another changes", within(version()), within(later(vec![counter()]))),
    ];
    let mut story = String::new();
    for (words, old, new) in changes {
        writeln!(story, "{words}").unwrap();
        for breach in breaches(&set([old]), &set([new])) {
            writeln!(story, "  {breach}").unwrap();
        }
    }
    check::snapshot!("breaches", story);
}

#[test]
fn ex_2_6_this_release_can_talk_to_the_last() {
    check::promise(
        "No message of this repository has changed in a way that a replica of the last release would misread.",
    );
    let released = FileDescriptorSet::decode(proto::RELEASED).unwrap();
    let current = FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap();
    assert!(
        released.file.iter().any(|file| !file.message_type.is_empty()),
        "the released set has no messages"
    );
    let breaches: Vec<_> = breaches(&released, &current).iter().map(ToString::to_string).collect();
    assert!(breaches.is_empty(), "not compatible with the last release:\n{}", breaches.join("\n"));
    let mut without = current.clone();
    without.file.iter_mut().for_each(|file| file.message_type.truncate(1));
    assert!(!service::breaches(&released, &without).is_empty(), "messages went, and nothing was said");
}
