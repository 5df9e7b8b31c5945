//! 6.4: objects that cannot be read.

use antientropy::Limits;
use store::{ReplicaId, Store};

use crate::sessions::show;
use crate::support::machines::key;
use crate::support::nodes::{pair, settle};

/// Puts bytes under a record that no program of ours would put there.
async fn damage(store: &Store, record: Vec<u8>) {
    let damage = store.engine().update(move |txn| {
        txn.put(record, [0xff, 1]);
        Ok::<_, engine::Error>(())
    });
    damage.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn ex_6_4_a_session_mends_a_damaged_object() {
    check::promise(
        "A damaged object ends no session: what the other replica holds of the key comes in its place, on either side.",
    );
    let mut story = String::new();
    for begins in [1, 2] {
        let (_network, one, two) = pair(Limits { keys: 2, ..Limits::default() }).await;
        for name in ["apple", "fig", "kiwi", "plum"] {
            one.put(name, "green").await;
        }
        while !one.anti_entropy.session(ReplicaId(2), false).await.unwrap().whole {}
        settle().await;
        damage(&two.store, key("apple").encode()).await;
        damage(&two.store, key("plum").encode()).await;
        story += &format!("two objects of replica 2 are damaged, and replica {begins} begins\n");
        let (node, peer) = if begins == 1 { (&one, 2) } else { (&two, 1) };
        loop {
            let ended = node.anti_entropy.session(ReplicaId(peer), false).await;
            settle().await;
            story += &format!("  {}\n", show(&ended));
            if ended.unwrap().whole {
                break;
            }
        }
        story += &format!(
            "  replica 2 holds {}; found damaged: {}\n  replica 1 knows {}\n",
            two.show().await,
            two.store.damaged(),
            one.knows().await
        );
        assert_eq!(two.store.counts().await.unwrap().objects, 6, "objects at replica 2");
    }
    check::snapshot!("mended", story);
}
