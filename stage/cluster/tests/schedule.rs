//! Each schedule does what a cluster must survive, and one seed gives one schedule.

use std::collections::{BTreeMap, BTreeSet};

use cluster::make::{REPLICAS, WRITES, schedule};
use world::{Action, Ways};

const SEEDS: std::ops::Range<u64> = 0..150;

#[test]
fn a_seed_gives_one_schedule_and_another_seed_another_one() {
    let texts: BTreeSet<String> = SEEDS.map(|seed| schedule(seed).to_string()).collect();
    assert_eq!(texts.len(), SEEDS.count());
    SEEDS.for_each(|seed| assert_eq!(schedule(seed), schedule(seed), "seed {seed}"));
}

#[test]
fn each_has_writes_and_deletes_at_every_replica_and_faults_of_every_kind() {
    for seed in SEEDS {
        let schedule = schedule(seed);
        let count = |such: fn(&Action) -> bool| schedule.count(such);
        let (puts, deletes) =
            (count(|a| matches!(a, Action::Put { .. })), count(|a| matches!(a, Action::Delete { .. })));
        // At its end one replica more is killed and misses writes, where it takes a session to bring those.
        let more = usize::from(schedule.ways == Ways::Both);
        assert!(puts + deletes == WRITES + 24 * more, "seed {seed}: {puts} puts and {deletes} deletes");
        assert!(WRITES >= 200 && deletes > 40, "seed {seed}: {deletes} deletes");
        for replica in REPLICAS {
            let here = schedule.count(|action| {
                matches!(action, Action::Put { replica: at, .. } | Action::Delete { replica: at, .. } if *at == replica)
            });
            assert!(here > 40, "seed {seed}: {here} writes at replica {replica}");
        }
        let counted = [
            count(|a| matches!(a, Action::Cut { .. })),
            count(|a| matches!(a, Action::Reset { .. })),
            count(|a| matches!(a, Action::Kill { .. })),
            count(|a| matches!(a, Action::Stop { .. })),
            count(|a| matches!(a, Action::Start { clock, .. } if *clock != 0)),
            count(|a| matches!(a, Action::Pause { .. })),
        ];
        assert_eq!(counted, [12, 2, 4 + more, 1, 2, 1], "seed {seed}");
    }
}

#[test]
fn where_both_ways_run_a_replica_misses_more_than_a_log_holds() {
    for seed in SEEDS {
        let schedule = schedule(seed);
        let down = schedule.steps.iter().rposition(|step| matches!(step.action, Action::Kill { .. }));
        let after = &schedule.steps[down.unwrap()..];
        let missed: BTreeSet<&String> = after
            .iter()
            .filter_map(|step| match &step.action {
                Action::Put { key, .. } if key.starts_with("missed-") => Some(key),
                _ => None,
            })
            .collect();
        match schedule.limits.log_changes {
            Some(most) => {
                assert!(schedule.ways == Ways::Both && missed.len() as u64 > 2 * most, "seed {seed}");
                let back = after.last().map(|step| step.action.clone());
                assert!(matches!(back, Some(Action::Start { .. })), "seed {seed}: {back:?}");
            }
            None => assert!(schedule.ways != Ways::Both && missed.is_empty(), "seed {seed}"),
        }
    }
}

#[test]
fn each_is_in_order_and_ends_every_fault_in_time() {
    for seed in SEEDS {
        let schedule = schedule(seed);
        assert!(schedule.steps.is_sorted_by_key(|step| step.at), "seed {seed}");
        assert!(schedule.steps.iter().all(|step| step.at < schedule.length), "seed {seed}");
        let mut faulty: BTreeMap<u64, bool> = BTreeMap::new();
        let mut cuts: BTreeMap<(u64, u64), i32> = BTreeMap::new();
        for step in &schedule.steps {
            match step.action {
                Action::Kill { replica } | Action::Stop { replica } | Action::Pause { replica } => {
                    assert!(!faulty.insert(replica, true).unwrap_or(false), "seed {seed}: {step:?}");
                }
                Action::Start { replica, .. } | Action::Continue { replica } => {
                    assert_eq!(faulty.insert(replica, false), Some(true), "seed {seed}: {step:?}");
                }
                Action::Cut { from, to } => *cuts.entry((from, to)).or_default() += 1,
                Action::Heal { from, to } => *cuts.entry((from, to)).or_default() -= 1,
                _ => {}
            }
        }
        assert!(faulty.values().all(|faulty| !faulty), "seed {seed}");
        assert!(cuts.values().all(|cuts| *cuts == 0), "seed {seed}");
    }
}

#[test]
fn it_prints_as_a_text_that_one_can_read() {
    let text = schedule(7).to_string();
    for part in ["latency 1 -> 2: ", "kill -9", "s wrong", "cut ", "heal ", "delete key-", "heal all"] {
        assert!(text.contains(part), "no {part:?} in\n{text}");
    }
}
