//! Why a peer is refused.

use store::ReplicaId;

/// Why nothing is exchanged with a peer, or why that could not be determined.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Tombstones were collected without waiting for the peer.
    #[error(
        "replica {0} was left behind: what it holds may have been deleted since; \
         start it with an empty directory, a new id and the addresses of others (--seeds)"
    )]
    LeftBehind(ReplicaId),
    /// The peer went back in time.
    #[error(
        "replica {0} went back in time: it gave numbers again that it had given before; \
         start it with an empty directory, a new id and the addresses of others (--seeds)"
    )]
    WentBack(ReplicaId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}
