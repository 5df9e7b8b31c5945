//! The latest write of each replica that came here.

use store::ReplicaId;

use crate::support::{Node, object};

/// Given as it is, but it stands on what 4.3 and 4.4 do with what comes.
#[tokio::test]
async fn ex_4_5_the_latest_write_that_came_is_told() {
    check::promise(
        "A replica tells the latest write of each other that came to it, also where those before it did not.",
    );
    let node = Node::open(3).await;
    for (key, theirs) in [
        ("apple", object("3@1,9@2", "x")),
        // It loses, and was there all the same.
        ("apple", object("7@1", "y")),
        ("fig", object("4@2", "x")),
        // It is not believed.
        ("plum", object(&format!("{}@4", u64::MAX / 2), "x")),
    ] {
        node.apply(key, &theirs).await;
    }
    node.learn(5, 6).await;
    let mut told = Vec::new();
    for replica in 1..=5 {
        let latest = node.merge.latest_of(&node.store, ReplicaId(replica)).await.unwrap();
        // Its own entry is its clock.
        told.extend((replica != 3).then(|| format!("{latest}@{replica}")));
    }
    assert_eq!(told, ["7@1", "9@2", "0@4", "6@5"], "the latest writes that came");
}
