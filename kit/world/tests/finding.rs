//! What came of a seed is one JSON document, and it can be read again.

use std::time::Duration;

use world::shrink::Shrunk;
use world::{Action, Broken, Figures, Finding, Latency, Limits, Schedule, Step, Ways};

#[test]
fn a_finding_is_written_as_it_is_read() {
    let step = |at, action| Step { at: Duration::from_millis(at), action };
    let schedule = Schedule {
        replicas: 3,
        latencies: vec![Latency { from: 1, to: 2, takes: Duration::from_millis(40) }],
        ways: Ways::Streams,
        limits: Limits { log_changes: Some(8), ..Limits::default() },
        numbers: world::Numbers::default(),
        steps: vec![
            step(0, Action::Delete { replica: 1, key: "key-03".to_owned(), number: 7 }),
            step(1_200, Action::Clock { replica: 2, jump: -60, percent: 0 }),
        ],
        length: Duration::from_millis(1_300),
    };
    let shortest = Shrunk { schedule: schedule.clone(), runs: 9, is_minimal: true };
    let broken = Broken { promise: "nothing deleted is back".to_owned(), facts: vec!["it is".to_owned()] };
    let figures = Figures { writes: 1, acknowledged: 1, messages: 12, agreed_after: None };
    let finding = Finding { seed: 7, broken: vec![broken], schedule, shortest: Some(shortest), figures };
    let json = serde_json::to_string(&finding).unwrap();
    assert!(
        json.contains(r#"{"at":1200,"action":{"do":"clock","replica":2,"jump":-60,"percent":0}}"#),
        "{json}"
    );
    assert!(json.contains(r#""ways":"streams","limits":{"log_changes":8,"#), "{json}");
    assert_eq!(serde_json::from_str::<Finding>(&json).unwrap(), finding);
}
