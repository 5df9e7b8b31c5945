//! Replicas that went back in time, and said so.
//!
//! They reused numbers, so what they hold under a number may differ from what others hold under it.
//! A replica that has found out takes no more writes. Its peers remember it too: its directory may
//! be replaced by an older copy again, and a copy of it may run elsewhere.

use std::collections::BTreeSet;

use store::{Error, ReplicaId, Store, Write};

use crate::Merge;
use crate::records::{read_left_behind, read_went_back, write_left_behind, write_went_back};

impl Merge {
    /// From now on refuses those of `replicas`, which went back in time, that are not refused yet:
    /// as if they had been left behind.
    ///
    /// # Errors
    /// If a record cannot be read or written.
    pub async fn refuse(&self, store: &Store, replicas: BTreeSet<ReplicaId>) -> Result<(), Error> {
        if replicas.is_subset(&self.went_back(store).await?) {
            return Ok(());
        }
        let refuse = move |write: &mut Write<'_, '_>| {
            let (mut went_back, mut left_behind) = (read_went_back(write)?, read_left_behind(write)?);
            for replica in replicas {
                went_back.insert(replica);
                left_behind.insert(replica);
                tracing::error!(%replica, "it went back in time, and is refused from now on");
            }
            write_went_back(write.transaction(), &went_back);
            write_left_behind(write.transaction(), &left_behind);
            Ok(())
        };
        store.write(refuse).await
    }

    /// Those that went back in time, as far as is known here.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn went_back(&self, store: &Store) -> Result<BTreeSet<ReplicaId>, Error> {
        store.engine().read(|reader| read_went_back(reader)).await
    }
}
