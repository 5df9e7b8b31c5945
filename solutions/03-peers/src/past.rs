//! What replicas say about one another's past: if a peer knows more of a replica's writes than the
//! replica itself, the replica, or its directory, went back in time.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use proto::peer::v1::{Peer, PingResponse};
use store::{Hold, ReplicaId, Store};

use crate::entry::are_copies;
use crate::{Error, directory};

/// What tracks whose writes are here: a layer above.
#[tonic::async_trait]
pub trait Account: Send + Sync {
    /// The counter of the latest own write of `replica` that arrived here, at this moment: the
    /// caller starts to issue numbers as soon as it hears it.
    ///
    /// # Errors
    /// If a record cannot be read.
    async fn known_of(&self, replica: ReplicaId) -> Result<u64, store::Error>;
}

/// What pings ask and say about it. In memory: the layers above have it on disk, and report it
/// again.
#[derive(Default)]
pub struct Past {
    account: OnceLock<Arc<dyn Account>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Who said that it went back in time.
    went_back: BTreeSet<ReplicaId>,
    /// Who is refused because it did.
    refused: BTreeSet<ReplicaId>,
}

impl Past {
    /// Sets the account; the first one stays.
    pub fn keeps(&self, account: Arc<dyn Account>) {
        let _ = self.account.set(account);
    }

    /// Those are refused from now on.
    pub fn refuse(&self, replicas: BTreeSet<ReplicaId>) {
        self.lock().refused = replicas;
    }

    /// Those that said they went back in time.
    pub fn went_back(&self) -> BTreeSet<ReplicaId> {
        self.lock().went_back.clone()
    }

    /// The counter of the latest own write of `replica` that arrived here; 0 without an account.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn known_of(&self, replica: ReplicaId) -> Result<u64, Error> {
        match self.account.get() {
            Some(account) => Ok(account.known_of(replica).await?),
            None => Ok(0),
        }
    }

    /// Why `replica` is refused, in words; empty if it is not.
    pub fn refuses(&self, replica: ReplicaId) -> String {
        let refused = self.lock().refused.contains(&replica);
        if refused { format!("replica {replica} went back in time") } else { String::new() }
    }

    /// Checks what a member says in a ping, before anything else in it is used: the clock is still
    /// unchanged.
    ///
    /// # Errors
    /// If the store failed.
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

    /// Checks what the answer to a ping by `me` says, before anything else in it is used.
    ///
    /// # Errors
    /// If the store failed.
    pub async fn hear_answer(&self, store: &Store, me: &Peer, answer: &PingResponse) -> Result<(), Error> {
        let them = answer.me.clone().unwrap_or_default();
        // Only an answer shows that it runs now. A request may have been delayed since the last run
        // of this very process.
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
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the replica of `store` went back in time, as far as it knows.
pub fn has_gone_back(store: &Store) -> bool {
    matches!(store.hold(), Some(Hold::WentBack(_)))
}
