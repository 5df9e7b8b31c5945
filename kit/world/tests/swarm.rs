//! What seeds make: each kind of fault in some, and in none all of them.

use std::time::Duration;

use world::{Action, Limits, Numbers, Schedule, Settings, Step, Ways, schedule};

const SEEDS: u64 = 400;

fn seeds_with(such: impl Fn(&Schedule) -> bool) -> usize {
    let ways = [Ways::Both, Ways::Streams, Ways::Sessions];
    (1..=SEEDS).filter(|seed| such(&schedule(*seed, &ways))).count()
}

/// The newcomer, and when it comes.
fn newcomer(schedule: &Schedule) -> Option<(usize, u64)> {
    schedule.steps.iter().enumerate().find_map(|(place, step)| match step.action {
        Action::Start { replica, .. } if replica > schedule.replicas && replica < 100 => {
            Some((place, replica))
        }
        _ => None,
    })
}

#[test]
fn in_a_few_seeds_somebody_joins_and_clients_write_there_later() {
    let joins = seeds_with(|schedule| newcomer(schedule).is_some());
    let written = seeds_with(|schedule| {
        let Some((place, newcomer)) = newcomer(schedule) else { return false };
        let at_newcomer = |step: &&Step| step.action.replicas() == [newcomer];
        assert_eq!(schedule.steps[..place].iter().find(at_newcomer), None);
        schedule.steps[place..].iter().filter(at_newcomer).any(|step| step.action.is_write())
    });
    assert!((10..100).contains(&joins), "{joins} of {SEEDS}");
    assert!(written * 10 > joins * 9, "{written} of {joins}");
}

#[test]
fn in_a_few_seeds_somebody_is_removed_by_another_one_and_two_are_left() {
    let removes = seeds_with(|schedule| {
        schedule.steps.iter().any(|step| match step.action {
            Action::Remove { replica, at } => {
                assert!(replica != at && schedule.replicas > 2);
                true
            }
            _ => false,
        })
    });
    assert!((10..100).contains(&removes), "{removes} of {SEEDS}");
}

#[test]
fn in_a_few_seeds_somebody_is_there_twice_with_a_copy_or_with_nothing() {
    for with_copy in [true, false] {
        let doubles = seeds_with(|schedule| {
            schedule.count(|action| matches!(action, Action::Double { copied, .. } if *copied == with_copy))
                > 0
        });
        assert!((3..60).contains(&doubles), "{doubles} of {SEEDS}");
    }
}

#[test]
fn in_some_seeds_processes_die_between_two_polls_and_in_others_between_two_moments() {
    let dies =
        seeds_with(|schedule| schedule.count(|action| matches!(action, Action::KillAtPoll { .. })) > 0);
    let killed = seeds_with(|schedule| schedule.count(|action| matches!(action, Action::Kill { .. })) > 0);
    assert!(dies > 10 && killed > dies, "{dies} and {killed} of {SEEDS}");
}

#[test]
fn what_only_sessions_bring_is_asked_of_no_seed_without_them() {
    let asked = |schedule: &Schedule| {
        let gone = |action: &Action| {
            use Action::{Double, KillAndLose, Remove, Restore};
            matches!(action, Double { .. } | KillAndLose { .. } | Remove { .. } | Restore { .. })
        };
        newcomer(schedule).is_some() || schedule.count(gone) > 0 || schedule.limits.sessions.is_some()
    };
    assert_eq!(seeds_with(|schedule| schedule.ways == Ways::Streams && asked(schedule)), 0);
    assert!(seeds_with(|schedule| schedule.limits.sessions == Some(1)) > 40);
}

/// For how long a step is not undone at the most.
fn longest(
    schedule: &Schedule,
    begins: impl Fn(&Action) -> bool,
    ends: impl Fn(&Action) -> bool,
) -> Duration {
    let (mut began, mut longest) = (None, Duration::ZERO);
    for Step { at, action } in &schedule.steps {
        if begins(action) {
            began = began.or(Some(*at));
        } else if ends(action) {
            longest = longest.max(began.take().map_or(Duration::ZERO, |began| *at - began));
        }
    }
    longest
}

#[test]
fn in_a_few_seeds_one_is_away_for_longer_than_a_tombstone_settles() {
    let Settings { settle, cleaning_interval, .. } = Settings::new(Ways::Both, Limits::default());
    let is_long = |away: Duration| away > settle + cleaning_interval;
    let down = seeds_with(|schedule| {
        (1..=schedule.replicas).any(|one| {
            let killed = |action: &Action| matches!(action, Action::Kill { replica } if *replica == one);
            let started =
                |action: &Action| matches!(action, Action::Start { replica, .. } if *replica == one);
            is_long(longest(schedule, killed, started))
        })
    });
    let alone = seeds_with(|schedule| {
        (1..=schedule.replicas).any(|one| {
            (1..=schedule.replicas).filter(|other| *other != one).all(|other| {
                let cut = |action: &Action| *action == Action::Cut { from: one, to: other };
                let healed = |action: &Action| *action == Action::Heal { from: one, to: other };
                is_long(longest(schedule, cut, healed))
            })
        })
    });
    assert!((8..50).contains(&down) && (8..50).contains(&alone), "{down} down, {alone} alone, of {SEEDS}");
}

#[test]
fn in_every_other_seed_ids_and_counters_are_large_and_all_lengths_occur() {
    let large = seeds_with(|schedule| schedule.numbers != Numbers::default());
    assert!((160..240).contains(&large), "{large} of {SEEDS}");
    for range in [1..1 << 8, 1 << 8..1 << 32, 1 << 32..u64::MAX] {
        assert!(seeds_with(|schedule| range.contains(&schedule.numbers.after)) > 20, "{range:?}");
    }
}
