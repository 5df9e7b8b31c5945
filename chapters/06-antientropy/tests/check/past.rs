//! 6.4: a session with a replica that went back in time.

use std::fmt::Write as _;

use antientropy::Limits;
use store::{Hold, Joined, ReplicaId};

use crate::support::nodes::{Node, pair, settle};

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_session_shows_that_a_replica_went_back_in_time() {
    check::promise(
        "Whoever begins the session, a replica that lacks writes of its own hears of it, and takes none from then on.",
    );
    let mut story = String::new();
    // How many writes the restored replica makes before the session: fewer than it lost, and more.
    for (begins, writes) in [(1, 1), (2, 1), (1, 9), (2, 9)] {
        let (network, one, two) = pair(Limits::default()).await;
        one.put("apple", "green").await;
        let backup = one.backup();
        for name in ["apple", "banana", "fig", "plum"] {
            one.put(name, "before").await;
        }
        one.anti_entropy.session(ReplicaId(2), false).await.unwrap();
        settle().await;
        network.remove(1);
        let restored = Node::start_on(backup, &network, 1, Limits::default()).await;
        // It could ask nobody at its start, and leaves numbers out.
        restored.store.joins("nobody answers").await.unwrap();
        restored.store.joined(Joined::HeardSome { draw: 0 }).await.unwrap();
        for number in 1..=writes {
            restored.put(if number == 3 { "apple" } else { "mine" }, "after").await;
        }
        let ended = match begins {
            1 => restored.anti_entropy.session(ReplicaId(2), false).await,
            _ => two.anti_entropy.session(ReplicaId(1), false).await,
        };
        settle().await;
        writeln!(
            story,
            "replica 1 is restored, writes {writes} times, and replica {begins} begins a session"
        )
        .unwrap();
        let ended = ended.map_or_else(|error| error.to_string(), |_| "in good order".into());
        let ended = ended.split(". Its directory").next().unwrap();
        writeln!(story, "  it ends: {ended}").unwrap();
        let found = match restored.store.hold() {
            Some(Hold::WentBack(found)) => found,
            other => format!("{other:?}"),
        };
        writeln!(story, "  replica 1 has found out: {found}").unwrap();
    }
    check::snapshot!("went_back", story);
}
