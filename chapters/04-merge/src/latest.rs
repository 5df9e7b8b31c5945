//! The latest write of each replica that arrived here.
//!
//! Knowledge says up to where *all* writes of a replica are here. A session may bring one that is far ahead of that.
//! If its replica has forgotten it, because its disk lost something, it has to hear of it before it
//! reuses the number for another write: so this is reported to it.

use store::{Error, Object, ReplicaId, Store, Write};

use crate::Merge;
use crate::knowledge::MAX_ENTRIES;
use crate::records::{read_latest, write_latest};

impl Merge {
    /// The counter of the latest write of `replica` that is here, or was, as far as is known.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn latest_of(&self, store: &Store, replica: ReplicaId) -> Result<u64, Error> {
        let latest = store.engine().read(|reader| read_latest(reader)).await?;
        let known = self.knowledge(store).await?.get(replica);
        Ok(latest.get(&replica).copied().unwrap_or_default().max(known))
    }

    /// Records which writes `theirs` contains.
    pub(crate) fn saw(&self, write: &mut Write<'_, '_>, theirs: &Object) -> Result<(), Error> {
        let (mut latest, mut grown) = (read_latest(write)?, false);
        for version in theirs.vector.iter().chain([theirs.version]) {
            let is_new = !latest.contains_key(&version.replica);
            if is_new && latest.len() >= MAX_ENTRIES {
                continue;
            }
            let counter = latest.entry(version.replica).or_default();
            grown |= version.counter > *counter;
            *counter = version.counter.max(*counter);
        }
        if grown {
            write_latest(write.transaction(), &latest);
        }
        Ok(())
    }
}
