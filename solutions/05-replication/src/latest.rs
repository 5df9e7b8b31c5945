//! One stream from each peer: the latest.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use store::ReplicaId;
use tokio::sync::oneshot;

/// The streams that peers have opened here. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Latest(Arc<Mutex<BTreeMap<ReplicaId, oneshot::Sender<()>>>>);

impl Latest {
    /// A stream from `peer` begins, and the previous one is over. The future ends when a later one
    /// begins.
    pub fn begin(&self, peer: ReplicaId) -> impl Future<Output = ()> + Send + use<> {
        let (stream, replaced) = oneshot::channel();
        // Nothing panics while it holds the lock. The old sender is dropped, and its receiver hears it.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(peer, stream);
        async move {
            let _ = replaced.await;
        }
    }
}
