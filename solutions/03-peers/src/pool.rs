//! Channels to peers: opened when first needed, and kept.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use proto::peer::v1::Peer;
use tokio::sync::watch;
use tonic::transport::Channel;

use crate::{Dial, Error};

/// The channels of one replica. Cheap to clone.
#[derive(Clone)]
pub struct Pool {
    dial: Arc<dyn Dial>,
    /// By replica. A lock of the standard library: it is held for a lookup, and never across an
    /// await.
    slots: Arc<Mutex<BTreeMap<u64, Slot>>>,
}

/// The way to one peer.
#[derive(Clone)]
struct Slot {
    /// The address that was dialed.
    address: String,
    /// The outcome of the dial; None while it is in progress. A watch channel holds one value,
    /// which every receiver sees, even one that comes later.
    outcome: watch::Receiver<Option<Result<Channel, Error>>>,
}

impl Pool {
    /// An empty pool.
    pub fn new(dial: Arc<dyn Dial>) -> Self {
        Self { dial, slots: Arc::default() }
    }

    /// The channel to `peer`.
    ///
    /// # Errors
    /// If the dial failed. The next call dials again.
    pub async fn channel(&self, peer: &Peer) -> Result<Channel, Error> {
        // exercise 3.3: Dial once for all who wait
        //
        // This code is right for one caller. A hundred that come while there is no channel all dial, and
        // 99 connections are thrown away, just when the peer has come back and is at its weakest. Let the
        // first one begin the dial and leave its outcome in the slot, where all others wait for it. So the
        // slot must be there before the dial is done, and the dial must not be the first caller's own
        // future: callers give up. `begin` dials in its own task and returns the slot; `Slot::outcome`
        // waits for it. A failed dial fails all its waiters, and the next caller begins another one
        // (`Slot::has_failed`). A new address needs a new dial. And while one peer is dialed, the others'
        // channels must be available at once, so never hold the lock across an await. The compiler checks
        // that: let the guard live in its own block `{ }` that ends before the await. `drop(guard)` does
        // not satisfy it.
        // starter:
        // | let known = self.lock().get(&peer.replica).cloned();
        // | if let Some(slot) = known
        // |     && slot.address == peer.address
        // | {
        // |     return slot.outcome().await;
        // | }
        // | let channel = self.dial.dial(peer).await?;
        // | let (_, outcome) = watch::channel(Some(Ok(channel.clone())));
        // | self.lock().insert(peer.replica, Slot { address: peer.address.clone(), outcome });
        // | Ok(channel)
        // end starter
        let slot = {
            let mut slots = self.lock();
            match slots.get(&peer.replica) {
                Some(slot) if slot.address == peer.address && !slot.has_failed() => slot.clone(),
                _ => {
                    let slot = self.begin(peer);
                    slots.insert(peer.replica, slot.clone());
                    slot
                }
            }
        };
        slot.outcome().await
        // end exercise 3.3
    }

    /// Drops the channels to all peers but these: the others were removed.
    pub fn keep(&self, peers: &[Peer]) {
        // exercise 3.3, continued: forget who was removed
        self.lock().retain(|replica, _| peers.iter().any(|peer| peer.replica == *replica));
        // end exercise 3.3
    }

    /// Begins a dial, in a task that ends with it: a [`Dial`] has a deadline.
    fn begin(&self, peer: &Peer) -> Slot {
        let (sender, outcome) = watch::channel(None);
        let dialing = self.dial.dial(peer);
        tokio::spawn(async move {
            let outcome = dialing.await;
            // Nobody may be waiting any more, not even the slot.
            let _ = sender.send(Some(outcome));
        });
        Slot { address: peer.address.clone(), outcome }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// Waits for the dial to end.
    async fn outcome(self) -> Result<Channel, Error> {
        let Self { address, mut outcome } = self;
        let outcome = outcome.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
        outcome.unwrap_or_else(|| Err(Error::DialEnded(address)))
    }

    /// Whether the dial has ended without a channel.
    fn has_failed(&self) -> bool {
        match &*self.outcome.borrow() {
            Some(outcome) => outcome.is_err(),
            // The task is gone and has left nothing behind.
            None => self.outcome.has_changed().is_err(),
        }
    }
}
