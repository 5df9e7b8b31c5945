//! The commands about peers.

use super::line::{fail, run, wrong};
use super::replica;

#[tokio::test]
async fn peers_are_a_table_and_a_line_about_the_network() {
    let address = replica::start(None).await;
    let expected = "\
replica  region     address                health   round trip  suspicion  synchronized
1        us         http://10.0.0.1:4400   self     -           -          -
2        de         http://10.0.0.2:4400   alive    95.2 ms     0.4        3 s ago
3        singapore  http://10.0.0.3:4400   suspect  210.0 ms    12.1       5000 s ago
4        de         http://10.0.0.4:4400   unknown  -           -          -
10       us         http://10.0.0.10:4400  refused  -           0.0        -
replica 10: another directory has the id 10 too
network of 5: de 2, singapore 1, us 2; last synchronization 3 s ago
";
    assert_eq!(run(&["peers", "--address", &address]).await.unwrap(), expected);
}

#[tokio::test]
async fn one_region_or_only_the_network() {
    let address = replica::start(None).await;
    let network = "network of 5: de 2, singapore 1, us 2; last synchronization 3 s ago\n";
    let table = run(&["peers", "--region", "singapore", "--address", &address]).await.unwrap();
    assert!(table.lines().nth(1).unwrap().starts_with("3  "), "{table}");
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(table.ends_with(network), "{table}");
    assert_eq!(run(&["--address", &address, "peers", "--status-only"]).await.unwrap(), network);
}

#[tokio::test]
async fn peers_as_json() {
    let address = replica::start(None).await;
    let json = run(&["peers", "--region", "singapore", "--json", "--address", &address]).await.unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        json["peers"],
        serde_json::json!([{
            "replica": 3,
            "address": "http://10.0.0.3:4400",
            "region": "singapore",
            "directory": "03".repeat(16),
            "health": "suspect",
            "round_trip_micros": 210_000,
            "suspicion": 12.06,
            "synchronized_seconds_ago": 5_000,
            "complaint": "",
        }])
    );
    assert_eq!(json["network"]["size"], 5);
    assert_eq!(json["network"]["regions"][0], serde_json::json!({ "region": "de", "replicas": 2 }));
    assert_eq!(json["network"]["synchronized_seconds_ago"], 3);
}

#[tokio::test]
async fn a_peer_is_added_and_removed() {
    let address = replica::start(None).await;
    let add = ["--address", &address, "add-peer", "6", "https://replica-6:4400/", "--region", "de"];
    assert_eq!(run(&add).await.unwrap(), "7@1\n");
    let json = run(&[add.as_slice(), &["--json"]].concat()).await.unwrap();
    assert_eq!(json, "{\"version\":{\"counter\":7,\"replica\":1}}\n");
    let refused = fail(&["add-peer", "2", "replica-2:4400", "--address", &address]).await;
    assert_eq!(refused, (3, "FAILED_PRECONDITION: replica 2 was removed; use a new id".to_owned()));

    assert_eq!(run(&["remove-peer", "6", "--address", &address]).await.unwrap(), "8@1\n");
    assert_eq!(run(&["remove-peer", "5", "--address", &address]).await.unwrap(), "nothing to remove\n");
    let json = run(&["remove-peer", "5", "--json", "--address", &address]).await.unwrap();
    assert_eq!(json, "{\"version\":null}\n");
}

#[test]
fn an_id_is_above_zero_and_an_address_has_a_port() {
    assert!(wrong(&["add-peer", "0", "http://replica:4400"]).contains("0 is not in 1.."));
    assert!(wrong(&["remove-peer", "0"]).contains("0 is not in 1.."));
    assert!(wrong(&["add-peer", "6", "http://replica"]).contains("an address ends with a port"));
}
