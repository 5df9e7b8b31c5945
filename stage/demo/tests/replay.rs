//! A schedule of the simulated fleet becomes a script for real processes, which tells what they can't do.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::error::Error;
use std::time::Duration;

use demo::replay;
use world::shrink::Shrunk;
use world::{Action, Broken, Figures, Finding, Latency, Limits, Schedule, Step, Ways};

fn schedule(steps: Vec<(u64, Action)>) -> Schedule {
    let step = |(at, action)| Step { at: Duration::from_millis(at), action };
    let length = steps.last().map_or(0, |(at, _)| *at) + 100;
    Schedule {
        replicas: 3,
        latencies: vec![Latency { from: 2, to: 1, takes: Duration::from_millis(40) }],
        ways: Ways::Streams,
        limits: Limits { log_changes: Some(8), ..Limits::default() },
        numbers: world::Numbers::default(),
        steps: steps.into_iter().map(step).collect(),
        length: Duration::from_millis(length),
    }
}

fn finding(schedule: Schedule) -> Finding {
    let broken = Broken { promise: "nothing deleted is back".to_owned(), facts: Vec::new() };
    Finding { seed: 7, broken: vec![broken], schedule, shortest: None, figures: Figures::default() }
}

fn played(finding: &Finding) -> Vec<String> {
    let script = replay::read(&serde_json::to_string(finding).unwrap()).unwrap();
    script.lines.iter().map(|line| line.command.to_string()).collect()
}

#[test]
fn what_processes_can_do_is_done_at_its_time() {
    let put = |replica, number| {
        (replica, Action::Put { replica, key: "apple".to_owned(), value: format!("w{number}"), number })
    };
    let lines = played(&finding(schedule(vec![
        (10, put(1, 0).1),
        (10, Action::Cut { from: 1, to: 2 }),
        (300, Action::Kill { replica: 2 }),
        (400, Action::Slow { from: 1, to: 2, takes: Duration::from_millis(60) }),
        (500, Action::Start { replica: 2, clock: -60 }),
        (600, Action::Pause { replica: 3 }),
        (700, Action::Reset { a: 1, b: 2 }),
        (700, Action::Delete { replica: 1, key: "apple".to_owned(), number: 1 }),
    ])));
    assert!(
        lines[0].starts_with("stage --log-changes=8 --no-anti-entropy --ping-interval=0."),
        "{}",
        lines[0]
    );
    assert_eq!(lines[1..4], ["rtt us de 40", "rtt us sg 0", "rtt de sg 0"]);
    assert!(lines[4].starts_with("say The schedule of seed 7, done to real processes."), "{}", lines[4]);
    assert!(lines[4].contains("There this was broken: nothing deleted is back."), "{}", lines[4]);
    let steps = [
        "hold",
        "wait 0.01",
        "put us apple w0",
        "cut us > de",
        "wait 0.29",
        "kill de",
        "wait 0.1",
        "rtt us de 100",
        "wait 0.1",
        "start de -60",
        "wait 0.1",
        "pause sg",
        "wait 0.1",
        "reset us de",
        "delete us apple",
        "wait 0.1",
        "say At 0.80 s: all is healed, and what is down is started. Now they must agree.",
        "heal",
        "continue sg",
        "wait converged",
        "say All hold the same here. Go back in time to see how it came about.",
        "hold",
    ];
    assert_eq!(lines[5..], steps);
}

#[test]
fn what_only_the_simulated_fleet_can_do_is_told_and_a_write_to_nobody_does_not_end_it() {
    let key = "apple".to_owned();
    let lines = played(&finding(schedule(vec![
        (0, Action::FillDisk { replica: 2 }),
        (0, Action::KillAndLose { replica: 2, commits: 3 }),
        (200, Action::Put { replica: 2, key, value: "w0".to_owned(), number: 0 }),
        (200, Action::Kill { replica: 2 }),
    ])));
    let steps = [
        "say At 0.00 s: replica 2: the disk is full. Only the simulated fleet can do that: left out.",
        "say At 0.00 s: de is killed. In the simulated fleet it loses its last 3 commits, too.",
        "kill de",
        "wait 0.2",
        "say At 0.20 s: put de apple w0. Nobody answers there: de does not run.",
        "wait 0.1",
    ];
    assert_eq!(lines[6..12], steps);
    assert!(lines.contains(&"start de".to_owned()), "{lines:?}");
}

#[test]
fn where_there_is_a_shortest_schedule_it_is_the_one_that_is_played() {
    let kill = vec![(0, Action::Kill { replica: 1 })];
    let shrunk = Shrunk { schedule: schedule(kill), runs: 9, is_minimal: true };
    let lines = played(&Finding { shortest: Some(shrunk), ..finding(schedule(Vec::new())) });
    assert!(lines.contains(&"kill us".to_owned()), "{lines:?}");
}

#[test]
fn what_has_no_place_on_the_page_is_refused() {
    let five = Schedule { replicas: 5, ..schedule(Vec::new()) };
    let newcomer = schedule(vec![(0, Action::Start { replica: 4, clock: 0 })]);
    for (needs, schedule) in [(5, five), (4, newcomer)] {
        let json = serde_json::to_string(&finding(schedule)).unwrap();
        let refused = replay::read(&json).unwrap_err().to_string();
        assert!(refused.starts_with(&format!("this schedule needs {needs} replicas")), "{refused}");
    }
    let one = serde_json::to_string(&finding(schedule(Vec::new()))).unwrap();
    for (json, why) in [(format!("{one}\n{one}"), "trailing characters"), ("{}".to_owned(), "missing field")]
    {
        let refused = replay::read(&json).unwrap_err();
        assert!(refused.to_string().contains("world --seed 7 --json"), "{refused}");
        let source = refused.source().unwrap().to_string();
        assert!(source.contains(why), "{source}");
    }
}
