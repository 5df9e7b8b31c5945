//! What holds of a fleet that has been left in peace, whatever happened to it before. Each invariant is
//! a function of what was seen, and tells the facts that break it.

use std::collections::{BTreeMap, BTreeSet};

use crate::facts::{Facts, Outcome, Record, Version, Write};
use crate::gone::Gone;

/// The keys whose records differ, with what each replica holds of them. Who has withdrawn said so: whoever
/// differs and did not say so has diverged in silence.
pub fn identical(facts: &Facts) -> Vec<String> {
    let keys: BTreeSet<&String> = facts.members().flat_map(|(_, data)| data.keys()).collect();
    let mut broken = Vec::new();
    for key in keys {
        let held: Vec<_> = facts.members().map(|(replica, data)| (replica, data.get(key))).collect();
        if held.windows(2).all(|pair| pair[0].1 == pair[1].1) {
            continue;
        }
        let same_text = held.windows(2).all(|pair| text(pair[0].1) == text(pair[1].1));
        let held = held.iter().map(|(replica, record)| match record {
            // The difference is in what a line has no room for.
            Some(record) if same_text => format!("replica {replica} {record} {:?}", record.metadata),
            record => format!("replica {replica} {}", text(*record)),
        });
        broken.push(format!("{key}: {}", held.collect::<Vec<_>>().join("; ")));
    }
    broken
}

fn text(record: Option<&Record>) -> String {
    record.map_or_else(|| "nothing".to_owned(), Record::to_string)
}

/// Acknowledged values that are gone: the key holds nothing, something earlier, or something else under
/// the same version. A key may hold nothing only if somebody deleted it.
pub fn kept(facts: &Facts) -> Vec<String> {
    let acknowledged = facts.writes.iter().filter_map(|write| Some((write, write.version()?)));
    let (mut broken, gone) = (Vec::new(), Gone::new(facts));
    let acknowledged = acknowledged
        .filter(|(write, version)| !gone.may_have_taken(&write.key, *version, write.value.as_deref()));
    for (write, version) in acknowledged.filter(|(write, _)| write.value.is_some()) {
        for (replica, data) in facts.members() {
            let fine = match data.get(&write.key) {
                Some(record) if record.version() == version => record.value == write.value,
                Some(record) => record.version() > version,
                None => may_be_collected(facts, &write.key, version),
            };
            if !fine {
                broken.push(format!("{write}; replica {replica} has {}", text(data.get(&write.key))));
            }
        }
    }
    broken
}

/// Whether a tombstone later than `version` may have been there, and been collected since.
fn may_be_collected(facts: &Facts, key: &str, version: Version) -> bool {
    facts.writes.iter().filter(|write| write.key == key && write.value.is_none()).any(|delete| {
        match delete.outcome {
            Outcome::Acknowledged(tombstone) => tombstone > version,
            Outcome::Nothing => false,
            Outcome::Unknown(_) => true,
        }
    })
}

/// Keys that hold a value with a version earlier than a tombstone's: of an acknowledged delete, or of one
/// that was seen at any replica.
pub fn deleted_stays_deleted(facts: &Facts) -> Vec<String> {
    let deletes = facts.writes.iter().filter(|write| write.value.is_none());
    let acknowledged = deletes.filter_map(|write| Some((&write.key, write.version()?, write.to_string())));
    let mut tombstones: BTreeMap<&String, (Version, String)> = BTreeMap::new();
    let mut deleted = |key, version, how: String| {
        let latest = tombstones.entry(key).or_insert((version, how.clone()));
        if latest.0 < version {
            *latest = (version, how);
        }
    };
    acknowledged.for_each(|(key, version, how)| deleted(key, version, how));
    for sight in &facts.sights {
        for (key, record) in sight.data.iter().filter(|(_, record)| record.value.is_none()) {
            deleted(key, record.version(), format!("tombstone {key} seen at replica {}", sight.replica));
        }
    }
    let (mut broken, gone) = (Vec::new(), Gone::new(facts));
    tombstones.retain(|key, (version, _)| !gone.may_have_taken(key, *version, None));
    for (key, (version, how)) in tombstones {
        for (replica, data) in facts.members() {
            let back = data.get(key).filter(|record| record.value.is_some() && record.version() < version);
            broken.extend(back.map(|record| format!("{how}; replica {replica} has {record}")));
        }
    }
    broken
}

/// Objects that no client wrote: another key's value, or another value than was acknowledged under
/// their version.
pub fn nothing_invented(facts: &Facts) -> Vec<String> {
    let mut broken = Vec::new();
    for (replica, data) in &facts.data {
        for (key, record) in data {
            let wrote = |write: &&Write| {
                let version = record.version();
                let known = write.version().is_none_or(|known| known == version);
                let asked = write.outcome != Outcome::Nothing && facts.id(write.replica) == version.replica;
                write.key == *key && write.value == record.value && known && asked
            };
            if !facts.writes.iter().any(|write| wrote(&write)) {
                broken.push(format!("{key}: replica {replica} has {record}, which nobody wrote"));
            }
        }
    }
    broken
}

/// Replicas that held a version of a key and later an earlier one, or nothing without a tombstone
/// before it. A replica that answers has it on disk, so not even a kill may take it back; and what was
/// collected does not come back for a while either.
pub fn onwards(facts: &Facts) -> Vec<String> {
    let mut broken = Vec::new();
    let mut latest: BTreeMap<(u64, &String), &Record> = BTreeMap::new();
    let mut replaced: BTreeMap<u64, u64> = BTreeMap::new();
    let sights = facts.sights.iter().map(|sight| (sight.replica, &sight.data, Some(sight.replaced)));
    let held = sights.chain(facts.data.iter().map(|(replica, data)| (*replica, data, None)));
    for (replica, data, times) in held {
        // An older directory is where it begins anew.
        let before = replaced.entry(replica).or_default();
        if times.is_some_and(|times| times != std::mem::replace(before, times)) {
            latest.retain(|(of, _), _| *of != replica);
        }
        latest.retain(|(of, key), before| {
            let fine = match data.get(*key) {
                _ if *of != replica => true,
                Some(record) => record.version() >= before.version(),
                None => before.value.is_none() || may_be_collected(facts, key, before.version()),
            };
            if !fine {
                let now = text(data.get(*key));
                broken.push(format!("{key}: replica {replica} had {before}, and later {now}"));
            }
            fine
        });
        latest.extend(data.iter().map(|(key, record)| ((replica, key), record)));
    }
    broken
}

/// Replicas that hold on to more than before.
pub fn nothing_left_over(facts: &Facts) -> Vec<String> {
    let mut broken = Vec::new();
    for (replica, after) in &facts.after {
        let Some(before) = facts.before.get(replica) else { continue };
        if after.tasks > before.tasks {
            broken.push(format!("replica {replica}: {} tasks, and {} before", after.tasks, before.tasks));
        }
        if let (Some(after), Some(before)) = (after.descriptors, before.descriptors)
            && after > before
        {
            broken.push(format!("replica {replica}: {after} file descriptors, and {before} before"));
        }
    }
    broken
}

/// What replicas complained of.
pub fn no_complaints(facts: &Facts) -> Vec<String> {
    facts.complaints.clone()
}

/// How long the replicas took, where that was too long.
pub fn agree_in_time(facts: &Facts) -> Vec<String> {
    let late = facts.convergence.filter(|convergence| convergence.took.is_none());
    late.map(|late| format!("they do not within {:?}", late.within)).into_iter().collect()
}

/// Replicas that said at some moment that they had taken in a write of which they held nothing, or only something
/// earlier of its key. A tombstone may have been collected.
pub fn knows_what_it_holds(facts: &Facts) -> Vec<String> {
    let mut written: BTreeMap<(&String, Version), Option<&str>> = BTreeMap::new();
    let seen = facts.sights.iter().flat_map(|sight| &sight.data);
    for (key, record) in seen.chain(facts.data.values().flatten()) {
        written.insert((key, record.version()), record.value.as_deref());
    }
    for write in &facts.writes {
        if let Some(version) = write.version() {
            written.insert((&write.key, version), write.value.as_deref());
        }
    }
    let gone = Gone::new(facts);
    written.retain(|(key, version), value| !gone.may_have_taken(key, *version, *value));
    let last =
        facts.data.iter().filter_map(|(replica, data)| Some((*replica, data, facts.knows.get(replica)?)));
    let sights = facts.sights.iter().map(|sight| (sight.replica, &sight.data, &sight.knows));
    let mut broken = BTreeMap::new();
    for (replica, data, knows) in sights.chain(last) {
        for ((key, version), value) in &written {
            if knows.get(&version.replica).is_none_or(|known| *known < version.counter) {
                continue;
            }
            // What such a one says of itself is its clock, which has left out what it may have forgotten.
            if facts.went_back.contains(&replica) && facts.id(replica) == version.replica {
                continue;
            }
            let fine = match data.get(*key) {
                Some(record) => record.version() >= *version,
                None => value.is_none() || may_be_collected(facts, key, *version),
            };
            if !fine {
                let now = text(data.get(*key));
                let line = format!("{key}: replica {replica} says that it knows {version}, and has {now}");
                broken.entry((replica, key.as_str())).or_insert(line);
            }
        }
    }
    broken.into_values().collect()
}

/// Acknowledged deletes of which a replica neither holds anything nor knows: nothing says that the tombstone was
/// there and was collected.
pub fn deletes_known(facts: &Facts) -> Vec<String> {
    let deletes = facts.writes.iter().filter(|write| write.value.is_none());
    let (mut broken, gone) = (Vec::new(), Gone::new(facts));
    for (write, version) in deletes.filter_map(|write| Some((write, write.version()?))) {
        if gone.may_have_taken(&write.key, version, None) {
            continue;
        }
        for (replica, data) in facts.members() {
            let Some(knows) = facts.knows.get(&replica) else { continue };
            let knows = knows.get(&version.replica).is_some_and(|known| *known >= version.counter)
                || gone.left_with(replica, &write.key, version);
            if !knows && data.get(&write.key).is_none_or(|record| record.version() < version) {
                broken.push(format!("{write}; replica {replica} never heard of it"));
            }
        }
    }
    broken
}

/// Replicas that have withdrawn though their directory was not replaced, nor a copy of it started.
pub fn withdrawn_with_cause(facts: &Facts) -> Vec<String> {
    let without = facts.withdrawn.iter().filter(|(replica, _)| !facts.went_back.contains(replica));
    without.map(|(replica, why)| format!("replica {replica}: {why}")).collect()
}

/// Replicas that were removed for good, and still answer.
pub fn removed_are_gone(facts: &Facts) -> Vec<String> {
    let there = facts.data.keys().filter(|replica| facts.removed.contains(&facts.id(**replica)));
    there.map(|replica| format!("replica {replica} was removed, and still runs")).collect()
}

/// Pairs of replicas between which streams ran, and brought nothing.
pub fn streams_bring(facts: &Facts) -> Vec<String> {
    let silent = facts.silent.iter();
    silent
        .map(|(from, to)| format!("nothing that replica {from} writes comes to replica {to} by a stream"))
        .collect()
}

/// Replicas that have one id and are both part of the fleet. One that began with an empty directory is refused.
pub fn one_for_each_id(facts: &Facts) -> Vec<String> {
    let (mut broken, mut by_id) = (Vec::new(), BTreeMap::new());
    for (replica, _) in facts.members() {
        let id = facts.id(replica);
        if let Some(other) = by_id.insert(id, replica) {
            broken.push(format!("{other} and {replica} both have the id {id}, and neither has withdrawn"));
        }
    }
    broken
}

/// Replicas that have ended, and the tasks they left.
pub fn no_task_left(facts: &Facts) -> Vec<String> {
    let left = facts.left.iter().filter(|(_, tasks)| **tasks > 0);
    left.map(|(replica, tasks)| format!("replica {replica}: {tasks} tasks are left")).collect()
}
