//! Each invariant holds of a fleet that did right, and tells what is wrong with one that did not.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use proto::object::v1;
use world::facts::{Convergence, Data, Facts, Loss, Outcome, Record, Rest, Sight, Vector, Version, Write};
use world::{invariants, losses};

fn record(counter: u64, replica: u64, value: Option<&str>) -> Record {
    let version = v1::Version { counter, replica };
    let metadata = v1::Metadata {
        version: Some(version),
        vector: vec![version],
        tombstone: value.is_none(),
        ..v1::Metadata::default()
    };
    Record { value: value.map(str::to_owned), metadata }
}

fn data<const N: usize>(records: [(&str, Record); N]) -> Data {
    records.into_iter().map(|(key, record)| (key.to_owned(), record)).collect()
}

fn write(number: usize, key: &str, value: Option<&str>, outcome: Outcome) -> Write {
    let replica = 1;
    Write { number, replica, key: key.to_owned(), value: value.map(str::to_owned), outcome }
}

fn acknowledged(counter: u64) -> Outcome {
    Outcome::Acknowledged(Version { counter, replica: 1 })
}

fn unknown() -> Outcome {
    Outcome::Unknown("no answer".to_owned())
}

/// Two replicas that agree: `a` was put and put again, `b` was put and deleted.
fn good() -> Facts {
    let held = || data([("a", record(2, 1, Some("w1"))), ("b", record(4, 1, None))]);
    let rest = Rest { tasks: 20, descriptors: Some(30) };
    Facts {
        writes: vec![
            write(0, "a", Some("w0"), acknowledged(1)),
            write(1, "a", Some("w1"), acknowledged(2)),
            write(2, "b", Some("w2"), acknowledged(3)),
            write(3, "b", None, acknowledged(4)),
            write(4, "c", None, Outcome::Nothing),
        ],
        sights: vec![Sight { replica: 1, data: data([("a", record(1, 1, Some("w0")))]), ..Sight::default() }],
        data: BTreeMap::from([(1, held()), (2, held())]),
        before: BTreeMap::from([(1, rest), (2, rest)]),
        after: BTreeMap::from([(1, rest), (2, rest)]),
        collected: 1,
        knows: BTreeMap::from([(1, Vector::from([(1, 4)])), (2, Vector::from([(1, 4)]))]),
        convergence: Some(Convergence { took: Some(Duration::ZERO), within: Duration::ZERO }),
        left: BTreeMap::from([(1, 0), (2, 0)]),
        ..Facts::default()
    }
}

/// The facts with another record of `key` at the replicas; `None` takes it away.
fn with(key: &str, changed: Option<Record>, replicas: &[u64]) -> Facts {
    let mut facts = good();
    for replica in replicas {
        let held = facts.data.entry(*replica).or_default();
        match &changed {
            Some(record) => drop(held.insert(key.to_owned(), record.clone())),
            None => drop(held.remove(key)),
        }
    }
    facts
}

#[test]
fn all_hold_of_a_fleet_that_did_right() {
    assert_eq!(world::judge(&good()), []);
    // The tombstone was collected everywhere.
    assert_eq!(world::judge(&with("b", None, &[1, 2])), []);
}

#[test]
fn replicas_that_differ_in_a_value_a_record_or_a_vector_are_not_identical() {
    for changed in [None, Some(record(2, 1, Some("w9"))), Some(record(3, 2, Some("w1")))] {
        let broken = invariants::identical(&with("a", changed, &[2]));
        assert_eq!(broken.len(), 1, "{broken:?}");
        assert!(broken[0].starts_with("a: replica 1 2@1 w1; replica 2 "), "{broken:?}");
    }
    let mut longer = record(2, 1, Some("w1"));
    longer.metadata.vector.push(v1::Version { counter: 1, replica: 3 });
    let broken = invariants::identical(&with("a", Some(longer), &[2]));
    assert!(broken.len() == 1 && broken[0].contains("vector"), "{broken:?}");
}

#[test]
fn an_acknowledged_write_may_be_overwritten_and_not_lost() {
    for changed in [None, Some(record(1, 1, Some("w0"))), Some(record(2, 1, Some("w9")))] {
        let broken = invariants::kept(&with("a", changed, &[1, 2]));
        assert!(broken.iter().any(|line| line.starts_with("put a w1 at replica 1")), "{broken:?}");
    }
    assert!(invariants::kept(&with("a", Some(record(3, 2, Some("w9"))), &[1, 2])).is_empty());
}

#[test]
fn a_key_may_be_empty_only_if_a_later_delete_may_have_been_collected() {
    let mut facts = with("a", None, &[1, 2]);
    facts.writes.push(write(5, "a", None, Outcome::Nothing));
    assert_eq!(invariants::kept(&facts).len(), 4);
    facts.writes.push(write(6, "a", None, unknown()));
    assert!(invariants::kept(&facts).is_empty());
}

#[test]
fn what_was_deleted_does_not_come_back() {
    let back = record(3, 1, Some("w2"));
    let broken = invariants::deleted_stays_deleted(&with("b", Some(back), &[1, 2]));
    assert_eq!(broken.len(), 2);
    assert!(broken[0].ends_with("replica 1 has 3@1 w2"), "{broken:?}");
    let later = record(5, 2, Some("w9"));
    assert!(invariants::deleted_stays_deleted(&with("b", Some(later), &[1, 2])).is_empty());

    // Nobody acknowledged this delete, but its tombstone was seen.
    let mut facts = with("a", Some(record(2, 1, Some("w1"))), &[1, 2]);
    facts.sights.push(Sight { replica: 2, data: data([("a", record(3, 1, None))]), ..Sight::default() });
    assert_eq!(invariants::deleted_stays_deleted(&facts).len(), 2);
}

#[test]
fn nobody_invents_an_object() {
    for (key, invented) in [
        ("a", record(2, 1, Some("w9"))),
        ("a", record(9, 1, Some("w1"))),
        ("a", record(2, 2, Some("w1"))),
        ("b", record(4, 1, Some("w1"))),
        ("c", record(5, 1, None)),
    ] {
        let broken = invariants::nothing_invented(&with(key, Some(invented.clone()), &[2]));
        assert_eq!(broken.len(), 1, "{key} {invented}");
    }
    let mut facts = with("a", Some(record(9, 1, Some("w5"))), &[1, 2]);
    facts.writes.push(write(5, "a", Some("w5"), unknown()));
    assert!(invariants::nothing_invented(&facts).is_empty());
}

#[test]
fn a_replica_does_not_go_back() {
    for before in [record(3, 1, Some("w9")), record(3, 1, None)] {
        let mut facts = good();
        facts.sights.push(Sight { replica: 1, data: data([("a", before)]), ..Sight::default() });
        assert_eq!(invariants::onwards(&facts).len(), 1);
    }
    // Deleted, collected, and back for a while.
    let mut facts = Facts { sights: Vec::new(), ..with("a", None, &[1]) };
    for held in [data([("b", record(4, 1, None))]), data([]), data([("b", record(3, 1, Some("w2")))])] {
        facts.sights.push(Sight { replica: 1, data: held, ..Sight::default() });
    }
    assert_eq!(invariants::onwards(&facts).len(), 1);

    let mut facts = with("a", None, &[1]);
    assert_eq!(invariants::onwards(&facts).len(), 1);
    facts.writes.push(write(5, "a", None, acknowledged(3)));
    assert!(invariants::onwards(&facts).is_empty());
}

#[test]
fn a_replica_holds_on_to_no_more_than_before() {
    let mut facts = good();
    facts.after.insert(2, Rest { tasks: 21, descriptors: Some(31) });
    assert_eq!(invariants::nothing_left_over(&facts).len(), 2);
    facts.after.insert(2, Rest { tasks: 19, descriptors: None });
    assert!(invariants::nothing_left_over(&facts).is_empty());
}

#[test]
fn what_a_replica_logs_in_distress_is_told() {
    let complaints = vec!["replica 1: panicked".to_owned()];
    let violations = world::judge(&Facts { complaints: complaints.clone(), ..good() });
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].facts, complaints);
}

#[test]
fn who_says_that_it_has_withdrawn_may_differ_and_nobody_else() {
    let mut facts = with("a", Some(record(1, 1, Some("w0"))), &[2]);
    assert_eq!(invariants::identical(&facts).len(), 1);
    facts.withdrawn.insert(2, "its directory is an older copy".to_owned());
    assert!(invariants::identical(&facts).is_empty());
    // Nobody replaced it.
    assert_eq!(invariants::withdrawn_with_cause(&facts).len(), 1);
    facts.went_back.insert(2);
    assert!(invariants::withdrawn_with_cause(&facts).is_empty());
}

#[test]
fn what_a_replica_that_went_back_had_not_sent_on_may_be_lost() {
    let mut facts = Facts { sights: Vec::new(), ..with("a", None, &[1, 2]) };
    assert!(!world::judge(&facts).is_empty());
    facts.went_back.insert(1);
    assert_eq!(world::judge(&facts), []);
}

#[test]
fn what_only_a_removed_replica_had_may_be_lost() {
    let mut facts = with("a", None, &[2]);
    facts.removed.insert(1);
    facts.data.remove(&1);
    facts.knows.clear();
    facts.sights.push(Sight {
        replica: 1,
        data: data([("a", record(2, 1, Some("w1")))]),
        ..Sight::default()
    });
    assert_eq!(world::judge(&facts), []);
    // Another one had it once.
    facts.sights.push(Sight {
        replica: 2,
        data: data([("a", record(2, 1, Some("w1")))]),
        ..Sight::default()
    });
    assert_eq!(invariants::kept(&facts).len(), 1);
    // So it is with what was deleted there.
    let mut facts = with("b", Some(record(3, 1, Some("w2"))), &[2]);
    facts.removed.insert(1);
    facts.data.remove(&1);
    facts.knows.insert(2, Vector::from([(1, 3)]));
    assert_eq!(world::judge(&facts), []);
    facts.sights.push(Sight { replica: 2, data: data([("b", record(4, 1, None))]), ..Sight::default() });
    assert_eq!(invariants::deleted_stays_deleted(&facts).len(), 1);
    assert_eq!(invariants::deletes_known(&facts).len(), 0);
    facts.data.insert(3, data([]));
    facts.knows.insert(3, Vector::new());
    assert_eq!(invariants::deletes_known(&facts).len(), 1);
}

#[test]
fn a_removed_replica_is_gone_and_may_differ_until_then() {
    let mut facts = with("a", Some(record(1, 1, Some("w0"))), &[2]);
    facts.removed.insert(2);
    assert!(invariants::identical(&facts).is_empty());
    assert_eq!(invariants::removed_are_gone(&facts), ["replica 2 was removed, and still runs"]);
    facts.data.remove(&2);
    assert!(invariants::removed_are_gone(&facts).is_empty());
}

#[test]
fn replicas_that_do_not_agree_in_time_are_told() {
    let within = Duration::from_secs(20);
    let facts = Facts { convergence: Some(Convergence { took: None, within }), ..good() };
    assert_eq!(invariants::agree_in_time(&facts), ["they do not within 20s"]);
}

#[test]
fn a_replica_claims_no_write_that_it_does_not_hold() {
    let knows = |counter| Vector::from([(1, counter)]);
    let seen = |data: Data, counter| {
        let mut facts = good();
        facts.sights.push(Sight { replica: 2, data, knows: knows(counter), ..Sight::default() });
        invariants::knows_what_it_holds(&facts)
    };
    let earlier = || data([("a", record(1, 1, Some("w0")))]);
    assert_eq!(seen(earlier(), 1), [""; 0]);
    assert_eq!(seen(earlier(), 2), ["a: replica 2 says that it knows 2@1, and has 1@1 w0"]);
    // `b` was deleted, and nobody deleted `a`.
    let held = data([("a", record(2, 1, Some("w1")))]);
    assert_eq!(seen(held, 4), [""; 0]);
    assert_eq!(seen(data([]), 4), ["a: replica 2 says that it knows 1@1, and has nothing"]);
    // A write that was never acknowledged, and seen elsewhere.
    let mut facts = good();
    let elsewhere = data([("d", record(9, 3, Some("w9")))]);
    facts.sights.push(Sight { replica: 3, data: elsewhere, ..Sight::default() });
    facts.knows = BTreeMap::from([(1, Vector::from([(3, 9)]))]);
    assert_eq!(invariants::knows_what_it_holds(&facts).len(), 1);
}

#[test]
fn a_replica_without_a_tombstone_knows_that_there_was_one() {
    let mut facts = with("b", None, &[2]);
    assert!(invariants::deletes_known(&facts).is_empty());
    facts.knows.insert(2, Vector::from([(1, 3)]));
    let broken = invariants::deletes_known(&facts);
    assert!(broken.len() == 1 && broken[0].ends_with("replica 2 never heard of it"), "{broken:?}");
    facts.went_back = BTreeSet::from([1]);
    assert!(invariants::deletes_known(&facts).is_empty());
}

#[test]
fn a_stream_that_brings_nothing_is_told_though_all_arrived() {
    let facts = Facts { silent: BTreeSet::from([(1, 2)]), ..good() };
    let broken = world::judge(&facts);
    assert_eq!(broken.len(), 1);
    assert_eq!(broken[0].facts, ["nothing that replica 1 writes comes to replica 2 by a stream"]);
}

#[test]
fn a_replica_that_has_ended_leaves_no_task() {
    let mut facts = good();
    facts.left.insert(2, 3);
    assert_eq!(invariants::no_task_left(&facts), ["replica 2: 3 tasks are left"]);
}

/// Replica 2 writes `a` without having heard of what replica 1 wrote a moment later.
fn conflict() -> Facts {
    let (lost, winner) = (Version { counter: 5, replica: 1 }, Version { counter: 9, replica: 2 });
    let sight = |replica, clock, held| {
        let knows = Vector::from([(replica, clock)]);
        Sight { replica, data: data([("a", held)]), knows, ..Sight::default() }
    };
    let won = Write { replica: 2, ..write(6, "a", Some("w6"), Outcome::Acknowledged(winner)) };
    Facts {
        writes: vec![write(5, "a", Some("w5"), acknowledged(5)), won],
        sights: vec![
            sight(2, 8, record(2, 1, Some("w1"))),
            sight(1, 4, record(2, 1, Some("w1"))),
            sight(2, 9, record(9, 2, Some("w6"))),
            sight(1, 4, record(2, 1, Some("w1"))),
            sight(1, 5, record(5, 1, Some("w5"))),
        ],
        lost: BTreeMap::from([(1, vec![Loss { key: "a".to_owned(), lost, winner }]), (2, Vec::new())]),
        ..Facts::default()
    }
}

#[test]
fn what_lost_to_a_write_that_did_not_know_of_it_is_kept() {
    assert!(losses::losses_are_kept(&conflict()).is_empty());
    let mut forgotten = conflict();
    forgotten.lost.insert(1, Vec::new());
    assert_eq!(losses::losses_are_kept(&forgotten).len(), 1);
    // It may have known of it: nobody saw which of the two was written first.
    forgotten.sights.remove(3);
    assert!(losses::losses_are_kept(&forgotten).is_empty());
}

#[test]
fn an_update_loses_nothing() {
    assert!(losses::updates_lose_nothing(&conflict()).is_empty());
    let mut update = conflict();
    update.sights[0].data = data([("a", record(5, 1, Some("w5")))]);
    assert_eq!(losses::updates_lose_nothing(&update).len(), 1);
    // Something else may have been there when it was written.
    update.writes.push(write(7, "a", None, acknowledged(6)));
    assert!(losses::updates_lose_nothing(&update).is_empty());
}

#[test]
fn of_two_with_one_id_one_is_refused_or_has_withdrawn() {
    let mut facts = good();
    facts.doubles.insert(101, 1);
    assert_eq!(world::judge(&facts), []);
    facts.data.insert(101, facts.data[&1].clone());
    assert_eq!(
        invariants::one_for_each_id(&facts),
        ["1 and 101 both have the id 1, and neither has withdrawn"]
    );
    facts.withdrawn.insert(1, "its directory is one of two copies".to_owned());
    assert!(invariants::one_for_each_id(&facts).is_empty());
}

#[test]
fn a_replica_goes_back_where_its_directory_was_replaced_and_nowhere_else() {
    let held = |counter| data([("a", record(counter, 1, Some("w1")))]);
    let sight = |counter, replaced| Sight { replica: 1, data: held(counter), replaced, ..Sight::default() };
    let mut facts = good();
    facts.sights = vec![sight(2, 0), sight(1, 1)];
    facts.went_back.insert(1);
    assert!(invariants::onwards(&facts).is_empty());
    facts.sights = vec![sight(2, 0), sight(2, 1), sight(1, 1)];
    assert_eq!(invariants::onwards(&facts).len(), 1);
}

#[test]
fn what_others_have_of_a_replica_that_went_back_is_kept() {
    let mut facts = Facts { sights: Vec::new(), ..with("a", None, &[1, 2]) };
    facts.went_back.insert(1);
    assert_eq!(world::judge(&facts), []);
    facts.sights.push(Sight {
        replica: 2,
        data: data([("a", record(2, 1, Some("w1")))]),
        ..Sight::default()
    });
    assert_eq!(invariants::kept(&facts).len(), 2);
    // It went back alone: nobody else has a cause to withdraw.
    facts.withdrawn = BTreeMap::from([(1, "it did".to_owned()), (2, "it did".to_owned())]);
    assert_eq!(invariants::withdrawn_with_cause(&facts), ["replica 2: it did"]);
}
