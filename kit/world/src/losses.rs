//! What must hold of the writes that replicas keep as lost to a concurrent one: all of those are kept, and no other.
//!
//! Whether a write knew of another is told by what was seen of the replicas, and not by what their records say.

use crate::facts::{Facts, Loss, Outcome, Sight, Version, Write};

/// Writes that a replica keeps as lost, though whoever wrote the later one held them: that is an update.
pub fn updates_lose_nothing(facts: &Facts) -> Vec<String> {
    let mut broken = Vec::new();
    for (replica, losses) in &facts.lost {
        for Loss { key, lost, winner } in losses {
            if is_sound(facts, *lost) && is_sound(facts, *winner) && was_held(facts, key, *lost, *winner) {
                let at = winner.replica;
                broken.push(format!(
                    "{key}: replica {replica} says that {lost} was lost to {winner}, and replica {at} had it before"
                ));
            }
        }
    }
    broken
}

/// Acknowledged writes that lost to later ones of others, none of which can have known of them, and that the replica
/// where they were written does not keep as lost.
pub fn losses_are_kept(facts: &Facts) -> Vec<String> {
    let mut broken = Vec::new();
    for lost in facts.writes.iter().filter(|write| write.value.is_some()) {
        let Some(version) = lost.version() else { continue };
        let Some(kept) = facts.lost.get(&version.replica) else { continue };
        let of_key = facts.writes.iter().filter(|write| write.key == lost.key);
        let mut later: Vec<(&Write, Option<Version>)> = Vec::new();
        for write in of_key.filter(|write| write.outcome != Outcome::Nothing) {
            later.extend(
                (write.version().is_none_or(|other| other > version)).then(|| (write, write.version())),
            );
        }
        let concurrent = |winner: Option<Version>| {
            winner.is_some_and(|winner| is_sound(facts, winner) && was_before(facts, winner, version))
        };
        let lost_to_all = !later.is_empty() && later.iter().all(|(_, winner)| concurrent(*winner));
        if lost_to_all && is_sound(facts, version) && !kept.iter().any(|loss| loss.lost == version) {
            let later = later.iter().map(|(write, _)| write.to_string()).collect::<Vec<_>>().join("; ");
            broken.push(format!(
                "{lost}; later, and knew nothing of it: {later}; no replica keeps what was lost"
            ));
        }
    }
    broken
}

/// Whether the replica that gave this version has kept all that it ever held.
fn is_sound(facts: &Facts, version: Version) -> bool {
    !facts.went_back.contains(&version.replica) && !facts.removed.contains(&version.replica)
}

/// Whether the replica that wrote `winner` held `lost` when it was last seen before, and no other write came between.
fn was_held(facts: &Facts, key: &str, lost: Version, winner: Version) -> bool {
    let of_winner = facts.sights.iter().filter(|sight| sight.replica == winner.replica);
    let before = of_winner.take_while(|sight| !has_written(sight, winner)).last();
    let held = before.and_then(|sight| sight.data.get(key)).is_some_and(|record| record.version() == lost);
    let mut of_key = facts.writes.iter().filter(|write| write.key == key);
    let between = |write: &Write| match write.outcome {
        Outcome::Acknowledged(version) => lost < version && version < winner,
        Outcome::Nothing => false,
        Outcome::Unknown(_) => true,
    };
    held && !of_key.any(between)
}

/// Whether the first was written while the other, which is of another replica, was not yet.
fn was_before(facts: &Facts, first: Version, other: Version) -> bool {
    let written = facts.sights.iter().position(|sight| has_written(sight, first));
    let since = written.map(|written| &facts.sights[written..]).unwrap_or_default();
    first.replica != other.replica
        && since.iter().any(|sight| sight.replica == other.replica && !has_written(sight, other))
}

/// Whether this is a sight of the replica that gave this version, after it did.
fn has_written(sight: &Sight, version: Version) -> bool {
    sight.replica == version.replica
        && sight.knows.get(&version.replica).is_some_and(|clock| *clock >= version.counter)
}
