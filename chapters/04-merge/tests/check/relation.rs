//! 4.2: what happened between two writes.

use std::fmt::Write as _;

use merge::{Stamp, relation};
use store::Object;

use crate::support::object;

/// What trtl makes of two objects, from the parent and the version alone.
fn trtl(ours: &Object, theirs: &Object) -> &'static str {
    let (a, b) = (ours.version, theirs.version);
    match theirs.parent == Some(a) {
        _ if a == b => "equal",
        true => "update",
        false if a.counter == b.counter => "stomp",
        false => "skip",
    }
}

fn table(rows: &[(&str, Object, Object)]) -> String {
    let mut table = String::new();
    for (story, ours, theirs) in rows {
        let truth = relation(&Stamp::from(ours), &Stamp::from(theirs));
        let parent = |object: &Object| object.parent.map_or("none".into(), |parent| parent.to_string());
        writeln!(table, "{story}").unwrap();
        writeln!(table, "  ours    {}, parent {}, vector {}", ours.version, parent(ours), ours.vector)
            .unwrap();
        writeln!(table, "  theirs  {}, parent {}, vector {}", theirs.version, parent(theirs), theirs.vector)
            .unwrap();
        writeln!(table, "  trtl says {}; it is {truth}\n", trtl(ours, theirs)).unwrap();
    }
    table
}

#[test]
fn ex_4_2_a_missed_update_is_not_a_lost_write() {
    check::promise("The same versions and parents, and a different truth: the vector tells which.");
    let ours = object("1@1,2@3", "ours");
    check::snapshot!(
        "missed_or_lost",
        table(&[
            (
                "3@2 replaced ours, and 4@1 replaced 3@2; we missed 3@2.",
                ours.clone(),
                object("2@3,3@2,4@1", "theirs")
            ),
            (
                "3@2 replaced 1@1 and never saw ours, and 4@1 replaced 3@2.",
                ours,
                object("1@1,3@2,4@1", "theirs")
            ),
        ])
    );
}

#[test]
fn ex_4_2_all_four_relations() {
    check::promise(
        "Equal, newer, older and concurrent are told exactly, from one version and one vector on each side.",
    );
    check::snapshot!(
        "relations",
        table(&[
            ("The same write.", object("1@1,2@2", "x"), object("1@1,2@2", "x")),
            (
                "The same write, and its vector is not: one version is one write.",
                object("1@1,2@2", "x"),
                object("2@2", "x")
            ),
            ("Theirs replaced ours.", object("1@1", "x"), object("1@1,2@2", "y")),
            ("Ours replaced theirs.", object("1@1,2@2", "y"), object("1@1", "x")),
            ("Theirs comes from one replica, in two steps.", object("3@1", "x"), object("7@1", "y")),
            ("Two first writes, neither knew of the other.", object("1@1", "x"), object("1@2", "y")),
            ("The same, and theirs has the larger counter.", object("1@1", "x"), object("8@2", "y")),
            ("The same, and ours has the larger counter.", object("8@1", "x"), object("1@2", "y")),
            ("Both replaced 1@1.", object("1@1,2@2", "x"), object("1@1,3@3", "y")),
            (
                "Ours knew of an earlier write of replica 2 only.",
                object("1@2,9@1", "x"),
                object("1@2,5@2", "y")
            ),
            (
                "Ours was deleted with 4@1, forgotten at replica 1, and written there anew.",
                object("2@2,4@1", ""),
                object("9@1", "y")
            ),
            ("The same, seen from the other side.", object("9@1", "y"), object("2@2,4@1", "")),
            (
                "A missed update, seen from the other side.",
                object("2@3,3@2,4@1", "y"),
                object("1@1,2@3", "x")
            ),
            ("A lost write, seen from the other side.", object("1@1,3@2,4@1", "y"), object("1@1,2@3", "x")),
            (
                "Ten replicas have written, and theirs knew of all of them.",
                object("9@9", "x"),
                object("1@1,2@2,3@3,4@4,5@5,6@6,7@7,8@8,9@9,10@10", "y")
            ),
            (
                "The same, and ours is of a replica that theirs never heard of.",
                object("9@11", "x"),
                object("1@1,2@2,3@3,4@4,5@5,6@6,7@7,8@8,9@9,10@10", "y")
            ),
            (
                "Theirs knew of a replica whose id ends with the same 32 bits.",
                object("5@1", "x"),
                object("6@4294967297,7@2", "y")
            ),
            (
                "A vector that knows of ours, and yet an earlier version.",
                object("9@1", "x"),
                object("9@1,1@2", "y")
            ),
            ("The same, seen from the other side.", object("9@1,1@2", "y"), object("9@1", "x")),
        ])
    );
}
