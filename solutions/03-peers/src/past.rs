//! What replicas say of one another's past: who knows more of a replica than it knows itself went on with it
//! while it, or its directory, was somewhere in the past.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use proto::peer::v1::{Peer, PingResponse};
use store::{Hold, ReplicaId, Store, Version};

use crate::entry::are_copies;
use crate::{Error, directory};

/// What pings ask and tell of it. In memory: the layers above have it on disk, and tell it again.
#[derive(Debug, Default)]
pub struct Past(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Up to which counter each replica's own writes are here.
    known: BTreeMap<ReplicaId, u64>,
    /// Who said that it went back in time.
    went_back: BTreeSet<ReplicaId>,
    /// Who is refused because it did.
    refused: BTreeSet<ReplicaId>,
}

impl Past {
    /// The writes that are here.
    pub fn knows(&self, writes: impl IntoIterator<Item = Version>) {
        let known = writes.into_iter().map(|version| (version.replica, version.counter)).collect();
        self.lock().known = known;
    }

    /// Those are refused from now on.
    pub fn refuse(&self, replicas: BTreeSet<ReplicaId>) {
        self.lock().refused = replicas;
    }

    /// Those that said they went back in time.
    pub fn went_back(&self) -> BTreeSet<ReplicaId> {
        self.lock().went_back.clone()
    }

    /// Up to which counter the own writes of `replica` are here.
    pub fn known_of(&self, replica: ReplicaId) -> u64 {
        self.lock().known.get(&replica).copied().unwrap_or_default()
    }

    /// Why `replica` is refused, in words; empty where it is not.
    pub fn refuses(&self, replica: ReplicaId) -> String {
        let refused = self.lock().refused.contains(&replica);
        if refused { format!("replica {replica} went back in time") } else { String::new() }
    }

    /// What a member says in a ping, before anything else of it is taken in: the clock is still as it was.
    ///
    /// # Errors
    /// Where the store failed.
    pub async fn hear(
        &self,
        store: &Store,
        from: ReplicaId,
        known: u64,
        went_back: bool,
    ) -> Result<(), Error> {
        if went_back {
            self.lock().went_back.insert(from);
        }
        Ok(store.others_know(from, known).await?)
    }

    /// What the answer to a ping says, before anything else of it is taken in. `me` asked.
    ///
    /// # Errors
    /// Where the store failed.
    pub async fn hear_answer(&self, store: &Store, me: &Peer, answer: &PingResponse) -> Result<(), Error> {
        let them = answer.me.clone().unwrap_or_default();
        // Only an answer shows that it runs now. A question may have waited somewhere since the last run of
        // this very process.
        if them.replica == me.replica {
            if are_copies(me, &them) {
                let directory = directory::show(&me.directory);
                let found = format!("a process at {} has a copy of its directory {directory}", them.address);
                store.went_back(found).await?;
            }
            return Ok(());
        }
        let from = ReplicaId(them.replica);
        self.hear(store, from, answer.known, answer.went_back).await?;
        if !answer.refuses.is_empty() {
            store.went_back(format!("replica {from} takes nothing more from it: {}", answer.refuses)).await?;
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the replica of `store` went back in time, as far as it knows.
pub fn has_gone_back(store: &Store) -> bool {
    matches!(store.hold(), Some(Hold::WentBack(_)))
}
