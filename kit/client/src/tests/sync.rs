//! The command about anti-entropy.

use super::line::{fail, run};
use super::replica;

#[tokio::test]
async fn a_session_is_a_diagram_and_a_report() {
    let address = replica::start(None).await;
    let expected = "\
replica 1   replica 2
    | Open ---> |

peer     2
checked  12000 versions
pushed   3 objects
pulled   2 objects, and 4 that were not needed
stomps   1
bytes    1392000 sent, 811 received
time     95.3 ms
keys     compared to the last
";
    assert_eq!(run(&["sync", "--address", &address]).await.unwrap(), expected);
}

#[tokio::test]
async fn a_dry_run_says_so() {
    let address = replica::start(None).await;
    let text = run(&["sync", "--dry", "--peer", "3", "--address", &address]).await.unwrap();
    assert!(text.contains("\npeer     3\n"), "{text}");
    let end = "keys     compared in part; the next session goes on\ndry      nobody stored anything\n";
    assert!(text.ends_with(end), "{text}");
    let json = run(&["sync", "--dry", "--json", "--address", &address]).await.unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&json["peer"], &json["dry"], &json["whole"]), (&2.into(), &true.into(), &false.into()));
    assert_eq!((&json["bytes_sent"], &json["bytes_received"]), (&1_392_000.into(), &811.into()));
    assert_eq!(json["diagram"], "replica 1   replica 2\n    | Open ---> |\n");
}

#[tokio::test]
async fn a_peer_that_is_not_there() {
    let address = replica::start(None).await;
    let (code, text) = fail(&["sync", "--peer", "9", "--address", &address]).await;
    assert_eq!((code, text.as_str()), (1, "NOT_FOUND: no replica 9; `peers` prints those there are"));
}
