//! 6.4: sessions in which something goes wrong, or happens meanwhile.

use std::time::Duration;

use antientropy::Limits;
use store::ReplicaId;

use crate::sessions::show;
use crate::support::machines::{key, object};
use crate::support::nodes::{pair, settle, tasks};

#[tokio::test(start_paused = true)]
async fn ex_6_4_what_cannot_be_taken_in() {
    check::promise(
        "An object that cannot be taken in holds up no other key; but nobody claims to know what it does not have.",
    );
    let limits = Limits { keys: 2, ..Limits::default() };
    let mut story = String::new();
    for (words, holder) in [("replica 1 holds an object from far ahead", 0), ("replica 2 does", 1)] {
        let (_network, one, two) = pair(limits).await;
        let broken = [&one, &two][holder];
        let (far, object) = (key("apple"), object("4000000000000000000@3"));
        broken.store.write(move |write| write.store(&far, None, &object)).await.unwrap();
        for node in [&one, &two] {
            let name = node.store.identity().replica;
            node.put(&format!("plum-{name}"), "blue").await;
        }
        story += &format!("{words}\n");
        loop {
            let ended = one.anti_entropy.session(ReplicaId(2), false).await;
            settle().await;
            story += &format!("  {}\n", show(&ended));
            if ended.unwrap().whole {
                break;
            }
        }
        let (ones, twos) = (one.metrics(&["sessions_total"]).await, two.metrics(&["sessions_total"]).await);
        story += &format!(
            "  replica 1 knows {}: {}\n{ones}  replica 2 knows {}: {}\n{twos}",
            one.knows().await,
            one.show().await,
            two.knows().await,
            two.show().await
        );
    }
    check::snapshot!("not_taken", story);
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_clients_write_meanwhile() {
    check::promise(
        "Clients write while sessions run: nothing is lost, and a session afterwards finds what is left to do.",
    );
    let (_network, one, two) = pair(Limits::default()).await;
    one.fill(0..200, 10).await;
    two.fill(200..400, 10).await;
    let writes = async {
        for number in (0..400).step_by(7) {
            one.put(&format!("key-{number:06}"), "by replica 1").await;
            tokio::time::sleep(Duration::from_millis(1)).await;
            two.put(&format!("key-{:06}", 399 - number), "by replica 2").await;
            two.delete(&format!("key-{:06}", number / 2)).await;
        }
    };
    let (first, second, ()) = tokio::join!(
        one.anti_entropy.session(ReplicaId(2), false),
        two.anti_entropy.session(ReplicaId(1), false),
        writes
    );
    assert!(first.is_ok() && second.is_ok(), "{first:?}, {second:?}");
    one.anti_entropy.session(ReplicaId(2), false).await.unwrap();
    settle().await;
    assert_eq!(one.show().await, two.show().await, "replica 1 and replica 2 do not hold the same");
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_store_that_fails_is_no_success() {
    check::promise(
        "When a store fails in the middle of a session, neither replica takes the session for done, and no task is left.",
    );
    let mut story = String::new();
    for broken in ["initiator", "remote"] {
        let (network, one, two) = pair(Limits::default()).await;
        one.anti_entropy.session(ReplicaId(2), false).await.unwrap();
        settle().await;
        let idle = tasks();
        one.put("apple", "green").await;
        two.put("plum", "blue").await;
        network.latency(1, 2, Duration::from_secs(1));
        let session = {
            let one = one.clone();
            tokio::spawn(async move { one.anti_entropy.session(ReplicaId(2), false).await })
        };
        // The CHECKs arrive after three seconds, the repairs later.
        tokio::time::sleep(Duration::from_millis(3_500)).await;
        if broken == "initiator" { &one } else { &two }.break_engine();
        let ended = session.await.unwrap();
        tokio::time::sleep(Duration::from_secs(10)).await;
        let outcomes = [one.metrics(&["sessions_total"]).await, two.metrics(&["sessions_total"]).await];
        let left = tasks() - idle;
        story += &format!(
            "the store of the {broken} fails\n  {}\n{}  {left} tasks left\n",
            show(&ended),
            outcomes.concat()
        );
    }
    check::snapshot!("store_fails", story);
}
