//! 4.1: which of two writes wins.

use std::cmp::Ordering;
use std::fmt::Write as _;

use merge::order;
use store::{ReplicaId, Version};

use crate::support::version;

#[test]
fn ex_4_1_the_later_write_wins() {
    check::promise(
        "The larger counter is later; with equal counters, the larger replica; only a write and itself are equal.",
    );
    let mut table = String::from("A                       B                   A IS\n");
    for (a, b) in [
        ("1@1", "2@1"),
        ("7@1", "6@3"),
        ("6@3", "7@1"),
        ("4@1", "4@2"),
        ("4@2", "4@1"),
        ("4@2", "4@2"),
        ("9@2", "10@1"),
        ("4@9", "4@10"),
        ("18446744073709551615@1", "1@2"),
        // What fits into no smaller number, and into none together with the replica.
        ("4294967297@1", "2@1"),
        ("9007199254740993@1", "9007199254740992@2"),
        ("1@300", "2@1"),
        ("5@300", "5@44"),
        ("6@1", "5@1000001"),
        ("4@1", "4@5"),
        // Ids are numbers of 64 bits, too.
        ("5@256", "5@1"),
        ("5@4294967297", "5@2"),
        ("5@9223372036854775809", "5@2"),
    ] {
        let is = match order(version(a), version(b)) {
            Ordering::Less => "earlier",
            Ordering::Equal => "the same write",
            Ordering::Greater => "later",
        };
        writeln!(table, "{a:22}  {b:18}  {is}").unwrap();
    }
    check::snapshot!("order", table);
}

#[test]
fn ex_4_1_the_order_is_total() {
    check::promise(
        "Whichever of two writes a replica met first, and in whatever order the others came: the same one wins.",
    );
    let versions: Vec<_> = (1..=4)
        .flat_map(|counter| (1..=4).map(move |replica| Version { counter, replica: ReplicaId(replica) }))
        .collect();
    for a in &versions {
        for b in &versions {
            let (there, back) = (order(*a, *b), order(*b, *a));
            assert_eq!(there, back.reverse(), "{a} seen from {b}, and {b} seen from {a}");
            assert_eq!(there.is_eq(), a == b, "{a} and {b} are one write or two");
            for c in &versions {
                let cycle = there.is_lt() && order(*b, *c).is_lt() && !order(*a, *c).is_lt();
                assert!(!cycle, "{a} is earlier than {b}, that than {c}, and that is not later than {a}");
            }
        }
    }
}
