//! A schedule that breaks a promise becomes the shortest one that still breaks it.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Mutex;
use std::thread;
use std::time::Duration;

use world::shrink::{Budget, Shrunk, shrink};
use world::{Action, Latency, Limits, Schedule, Step, Ways};

/// Two hundred writes of twenty keys at five replicas, and forty cuts.
fn long() -> Schedule {
    let mut rng = fastrand::Rng::with_seed(7);
    let mut steps = Vec::new();
    let mut add = |at, action| steps.push(Step { at: Duration::from_millis(at), action });
    for number in 0..200 {
        let (replica, key) = (rng.u64(1..=5), format!("key-{:02}", rng.u64(..20)));
        let action = match rng.bool() {
            true => Action::Put { replica, key, value: format!("w{number}"), number },
            false => Action::Delete { replica, key, number },
        };
        add(rng.u64(..6_000), action);
    }
    for _ in 0..40 {
        let (at, from) = (rng.u64(..5_000), rng.u64(1..=5));
        let to = from % 5 + 1;
        add(at, Action::Cut { from, to });
        add(at + 500, Action::Heal { from, to });
    }
    steps.sort_by_key(|step| step.at);
    let latencies = [(1, 2, 13), (2, 1, 40), (3, 5, 7)].map(|(from, to, millis)| Latency {
        from,
        to,
        takes: Duration::from_millis(millis),
    });
    Schedule {
        replicas: 5,
        latencies: latencies.into(),
        ways: Ways::Both,
        limits: Limits { log_changes: Some(8), ..Limits::default() },
        numbers: world::Numbers::default(),
        steps,
        length: Duration::from_secs(7),
    }
}

/// Breaks where a key is deleted at replica 1 while it is cut off from replica 2, and was put at 3 before.
fn breaks(schedule: &Schedule) -> bool {
    let (mut put, mut cuts) = (Vec::new(), 0);
    for step in &schedule.steps {
        match &step.action {
            Action::Put { replica: 3, key, .. } => put.push(key.clone()),
            Action::Cut { from: 1, to: 2 } => cuts += 1,
            Action::Heal { from: 1, to: 2 } => cuts -= 1,
            Action::Delete { replica: 1, key, .. } if cuts > 0 && put.contains(key) => return true,
            _ => {}
        }
    }
    false
}

fn shrunk(budget: Budget) -> Shrunk {
    shrink(&long(), budget, breaks).unwrap()
}

#[test]
fn only_what_the_breach_needs_is_left_at_early_and_round_times() {
    let Shrunk { schedule, is_minimal, .. } = shrunk(Budget::default());
    let left: Vec<(u64, &str)> =
        schedule.steps.iter().map(|step| (step.at.as_millis() as u64, step.action.name())).collect();
    assert!(is_minimal && breaks(&schedule), "{schedule}");
    assert_eq!(left, [(0, "put"), (0, "cut"), (0, "delete"), (0, "heal")], "{schedule}");
    assert_eq!((schedule.replicas, schedule.latencies.len(), schedule.limits), (3, 0, Limits::default()));
}

#[test]
fn none_of_its_steps_can_be_left_out() {
    let schedule = shrunk(Budget::default()).schedule;
    for (place, step) in schedule.steps.iter().enumerate() {
        let mut without = schedule.clone();
        without.steps.remove(place);
        // A cut that lasts until the end is no shorter than one that is healed.
        let is_heal = matches!(step.action, Action::Heal { .. });
        assert!(is_heal || !breaks(&without), "without {}", step.action);
    }
}

#[test]
fn the_same_schedule_is_shrunk_to_the_same_on_any_number_of_cores() {
    let shrunk_on = |cores| {
        // Those with fewer steps take longer, so that later ones are done first.
        let slow = |schedule: &Schedule| {
            thread::sleep(Duration::from_micros(2_000 / (1 + schedule.steps.len() as u64)));
            breaks(schedule)
        };
        shrink(&long(), Budget { cores, ..Budget::default() }, slow).unwrap()
    };
    let alone = shrunk_on(1);
    assert_eq!(shrunk_on(1), alone);
    for cores in [2, 5] {
        assert_eq!(shrunk_on(cores), alone, "{cores} cores");
    }
}

#[test]
fn when_the_budget_is_spent_the_shortest_so_far_breaks_the_promise_too() {
    for runs in [1, 2, 10, 40] {
        let Shrunk { schedule, runs: ran, is_minimal } = shrunk(Budget { runs, ..Budget::default() });
        assert!(breaks(&schedule) && ran <= runs && !is_minimal, "{runs}: {ran}");
    }
    let spent = shrink(&long(), Budget { time: Duration::ZERO, ..Budget::default() }, breaks);
    assert_eq!(spent.map(|spent| (spent.schedule, spent.runs)), Some((long(), 1)));
}

#[test]
fn no_schedule_is_run_twice_and_one_that_passes_is_not_shrunk() {
    let ran = Mutex::new(Vec::new());
    let breaks = |schedule: &Schedule| {
        let mut ran = ran.lock().unwrap();
        assert!(!ran.contains(schedule), "run twice: {schedule}");
        ran.push(schedule.clone());
        drop(ran);
        breaks(schedule)
    };
    let alone = shrink(&long(), Budget { cores: 1, ..Budget::default() }, breaks).unwrap();
    assert_eq!(alone.runs, ran.lock().unwrap().len());
    ran.lock().unwrap().clear();
    shrink(&long(), Budget { cores: 3, ..Budget::default() }, breaks).unwrap();
    assert_eq!(shrink(&long(), Budget::default(), |_| false), None);
}
