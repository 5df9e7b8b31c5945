//! The objects that a session brings.

use merge::{Applied, Merge};
use store::{Key, Object, ReplicaId, Store};

use crate::{Error, Tally};

/// How many objects go to disk together. More would make other writers wait longer.
const GROUP: usize = 64;

/// A group with this many bytes is full too: it is in memory until it is written.
const GROUP_BYTES: usize = 1 << 20;

/// The objects that a session brings, stored in groups.
pub struct Pull {
    store: Store,
    merge: Merge,
    from: ReplicaId,
    tally: Tally,
    dry: bool,
    group: Vec<(Key, Object)>,
    not_taken: usize,
}

impl Pull {
    /// For one session, with the replica `from`. `dry` counts what arrives, and stores nothing.
    pub fn new(store: Store, merge: Merge, from: ReplicaId, tally: Tally, dry: bool) -> Self {
        Self { store, merge, from, tally, dry, group: Vec::with_capacity(GROUP), not_taken: 0 }
    }

    /// Adds an object; it is on disk after [`Pull::flush`].
    ///
    /// # Errors
    /// If the store failed.
    pub async fn push(&mut self, key: Key, object: Object) -> Result<(), Error> {
        self.group.push((key, object));
        if is_full(&self.group) { self.flush().await } else { Ok(()) }
    }

    /// Whether something is not on disk yet.
    pub fn is_waiting(&self) -> bool {
        !self.group.is_empty()
    }

    /// Writes everything to disk.
    ///
    /// # Errors
    /// If the store failed, or the peer was left behind since the session began.
    pub async fn flush(&mut self) -> Result<(), Error> {
        let group = std::mem::take(&mut self.group);
        if self.dry {
            self.tally.count(|report| report.pulled += group.len() as u64);
            return Ok(());
        }
        if group.is_empty() {
            return Ok(());
        }
        let (merge, from) = (self.merge.clone(), self.from);
        let outcomes = self.store.write(move |write| {
            if merge.refuses(write, from)? {
                return Ok(None);
            }
            let outcomes = group.iter().map(|(key, object)| merge.apply(write, key, object));
            outcomes.collect::<Result<Vec<_>, _>>().map(Some)
        });
        for outcome in outcomes.await?.ok_or(merge::Error::LeftBehind(from))? {
            self.count(outcome);
        }
        Ok(())
    }

    /// How many objects could not be applied: this replica does not have them, and must not claim
    /// to.
    pub fn not_taken(&self) -> usize {
        self.not_taken
    }

    fn count(&mut self, outcome: Applied) {
        let not_taken = matches!(outcome, Applied::Breach | Applied::TooFarAhead);
        self.not_taken += usize::from(not_taken);
        self.tally.count(|report| match outcome {
            Applied::New | Applied::Newer => report.pulled += 1,
            Applied::Won => {
                report.pulled += 1;
                report.stomps += 1;
            }
            Applied::Lost => {
                report.skips += 1;
                report.stomps += 1;
            }
            Applied::Older | Applied::Equal | Applied::Echo | Applied::Refused => report.skips += 1,
            Applied::Breach | Applied::TooFarAhead => {}
        });
    }
}

fn is_full(group: &[(Key, Object)]) -> bool {
    let bytes = |(_, object): &(Key, Object)| object.value().unwrap_or_default().len();
    group.len() >= GROUP || group.iter().map(bytes).sum::<usize>() >= GROUP_BYTES
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use store::{Content, Version, VersionVector};

    use super::*;

    fn group(objects: usize, bytes: usize) -> Vec<(Key, Object)> {
        let version = Version { counter: 1, replica: ReplicaId(1) };
        let (vector, region, owner) = (VersionVector::from_iter([version]), String::new(), String::new());
        let content = Content::Value(vec![0; bytes]);
        let object = Object { version, parent: None, vector, region, owner, content };
        vec![(Key::new("default", "key").unwrap(), object); objects]
    }

    #[test]
    fn a_group_is_full_of_objects_or_of_bytes() {
        assert!(!is_full(&group(63, 10)) && is_full(&group(64, 10)));
        assert!(!is_full(&group(3, 300_000)) && is_full(&group(4, 300_000)));
    }
}
