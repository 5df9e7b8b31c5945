//! Ways to make a schedule simpler, the most promising first. Each leads to fewer replicas, limits or keys, or to
//! earlier or rounder times, so that going on with it comes to an end.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::action::Action;
use crate::numbers::Numbers;
use crate::schedule::{Latency, Limits, Schedule, Step};

/// Given a schedule, some that are simpler.
type Simpler = fn(&Schedule) -> Vec<Schedule>;

pub(super) const SIMPLER: [Simpler; 9] =
    [fewer_replicas, no_limits, small_numbers, even_latencies, one_key, fewer_keys, shorter, closer, rounder];

/// The fewest replicas of a fleet.
const REPLICAS: u64 = 3;

/// What may lie between two steps, and what times are rounded to, in milliseconds.
const GAPS: [u64; 4] = [0, 10, 100, 1_000];
const GRAINS: [u64; 3] = [1_000, 100, 10];

/// The fleet lacks its last replica, and all that befalls it.
fn fewer_replicas(schedule: &Schedule) -> Vec<Schedule> {
    let last = schedule.replicas;
    if last <= REPLICAS {
        return Vec::new();
    }
    let mut fewer = Schedule { replicas: last - 1, ..schedule.clone() };
    fewer.steps.retain(|step| !step.action.replicas().contains(&last));
    fewer.latencies.retain(|latency| latency.from != last && latency.to != last);
    vec![fewer]
}

/// Ids and counters begin with 1.
fn small_numbers(schedule: &Schedule) -> Vec<Schedule> {
    vec![Schedule { numbers: Numbers::default(), ..schedule.clone() }]
}

/// All limits are what they are by default.
fn no_limits(schedule: &Schedule) -> Vec<Schedule> {
    vec![Schedule { limits: Limits::default(), ..schedule.clone() }]
}

/// All links are equally long.
fn even_latencies(schedule: &Schedule) -> Vec<Schedule> {
    let all = [0, 10, 100].map(|millis| {
        let takes = Duration::from_millis(millis);
        let latencies = schedule.latencies.iter().map(|latency| Latency { takes, ..*latency });
        Schedule {
            latencies: latencies.filter(|latency| !latency.takes.is_zero()).collect(),
            ..schedule.clone()
        }
    });
    // One that is even is not made longer.
    let now = cost(schedule);
    all.into_iter().filter(|even| cost(even) < now).collect()
}

/// How many different latencies there are, and how long they are together.
fn cost(schedule: &Schedule) -> (usize, Duration) {
    let different: BTreeSet<Duration> = schedule.latencies.iter().map(|latency| latency.takes).collect();
    (different.len(), schedule.latencies.iter().map(|latency| latency.takes).sum())
}

/// All writes are of one key.
fn one_key(schedule: &Schedule) -> Vec<Schedule> {
    let keys = keys(schedule);
    keys.first().map(|first| with_key(schedule, first, |_| true)).into_iter().collect()
}

/// The writes of one key become those of another.
fn fewer_keys(schedule: &Schedule) -> Vec<Schedule> {
    let keys: Vec<String> = keys(schedule).into_iter().collect();
    let pairs = (1..keys.len()).rev().flat_map(|late| (0..late).map(move |early| (late, early)));
    pairs.map(|(late, early)| with_key(schedule, &keys[early], |key| *key == keys[late])).collect()
}

/// It is over soon after its last step.
fn shorter(schedule: &Schedule) -> Vec<Schedule> {
    let last = schedule.steps.last().map_or(Duration::ZERO, |step| step.at);
    let lengths = [0, 100, 1_000].map(|more| last + Duration::from_millis(more));
    let lengths = lengths.into_iter().filter(|length| *length < schedule.length);
    lengths.map(|length| Schedule { length, ..schedule.clone() }).collect()
}

/// A step and all that comes after it come earlier, so that less time lies before it.
fn closer(schedule: &Schedule) -> Vec<Schedule> {
    let (mut found, mut before) = (Vec::new(), Duration::ZERO);
    for (place, step) in schedule.steps.iter().enumerate() {
        let gap = step.at.saturating_sub(before);
        before = step.at;
        for less in GAPS.map(Duration::from_millis).into_iter().filter(|less| *less < gap) {
            let mut closer = schedule.clone();
            closer.steps[place..].iter_mut().for_each(|step| step.at -= gap - less);
            closer.length = closer.length.saturating_sub(gap - less);
            found.push(closer);
        }
    }
    found
}

/// The times of all steps are rounded down, or that of one as far as the order allows.
fn rounder(schedule: &Schedule) -> Vec<Schedule> {
    let mut found = Vec::new();
    for grain in GRAINS {
        let round = |at: Duration| {
            let millis = at.as_millis() as u64;
            Duration::from_millis(millis - millis % grain)
        };
        let mut all = schedule.clone();
        all.steps.iter_mut().for_each(|step| step.at = round(step.at));
        found.push(all);
        for place in 0..schedule.steps.len() {
            let mut one = schedule.clone();
            let earliest = place.checked_sub(1).map_or(Duration::ZERO, |before| one.steps[before].at);
            one.steps[place].at = round(one.steps[place].at).max(earliest);
            found.push(one);
        }
    }
    found
}

fn keys(schedule: &Schedule) -> BTreeSet<String> {
    let key = |step: &Step| match &step.action {
        Action::Put { key, .. } | Action::Delete { key, .. } => Some(key.clone()),
        _ => None,
    };
    schedule.steps.iter().filter_map(key).collect()
}

fn with_key(schedule: &Schedule, key: &str, which: impl Fn(&String) -> bool) -> Schedule {
    let mut changed = schedule.clone();
    for Step { action, .. } in &mut changed.steps {
        if let Action::Put { key: of, .. } | Action::Delete { key: of, .. } = action
            && which(of)
        {
            key.clone_into(of);
        }
    }
    changed
}
