//! 4.3: what was lost is kept for a while.

use std::fmt::Write as _;
use std::time::Duration;

use merge::Options;
use store::Dump;

use crate::support::{Node, logs, object, show};

#[tokio::test]
async fn ex_4_3_what_was_lost_can_be_read_for_a_while() {
    check::promise(
        "A lost write is kept whole and counted once, however often the two meet; the latest few, for a while.",
    );
    let hour = Duration::from_secs(3600);
    let options = Options { stomps: 3, stomps_kept: 24 * hour, ..Options::default() };
    let node = Node::with(3, options).await;
    logs::collect();
    let mut story = String::new();
    let winner = object("9@1", "wins");
    node.apply("apple", &winner).await;
    for _ in 0..3 {
        node.apply("apple", &object("4@2", "lost")).await;
    }
    node.clock.step(hour);
    node.apply("pear", &object("5@2", "lost as well")).await;
    node.apply("pear", &object("6@1", "wins")).await;
    for number in 1..=2 {
        node.clock.step(hour);
        node.apply("plum", &object(&format!("{number}@4"), "early")).await;
        node.apply("plum", &object(&format!("{}@2", 20 + number), "late")).await;
        for later in [0, 22] {
            node.clock.step(later * hour);
            let kept = node.merge.stomps(&node.store, 9).await.unwrap();
            writeln!(
                story,
                "{} s later, {} stomps counted; kept:",
                (node.clock.now().as_secs() - 1_700_000_000),
                node.merge.counts().stomps
            )
            .unwrap();
            for stomp in kept {
                writeln!(story, "  {} {} lost against {}", stomp.key, show(&stomp.lost), stomp.winner)
                    .unwrap();
            }
        }
    }
    let dump = Dump::of(node.store.engine()).await.unwrap().to_string();
    let records =
        ["\"ms:", "\"mv:"].map(|letters| dump.lines().filter(|line| line.contains(letters)).count());
    let [whole, seen] = records;
    writeln!(story, "on disk, until the next walk clears up: {whole} lost writes, {seen} marks").unwrap();
    check::snapshot!("stomps", format!("{story}\n{}", logs::collected()));
}
