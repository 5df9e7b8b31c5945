//! Which replicas the layers above exchange objects with, and when they do not.

use proto::peer::v1::Peer;
use serve::Caller;
use store::ReplicaId;
use tonic::transport::Channel;

use crate::entry::Known;
use crate::{Error, Peers, greet};

impl Peers {
    /// The channel to a peer, dialed if there is none.
    ///
    /// # Errors
    /// If the peer is unknown or was removed, or the dial failed.
    pub async fn channel(&self, replica: ReplicaId) -> Result<Channel, Error> {
        self.exchanges()?;
        match self.table().find(replica).await? {
            Known::Member(peer) => self.pool().channel(&peer).await,
            Known::Removed => Err(Error::Removed(replica)),
            Known::Unknown => Err(Error::UnknownPeer(replica)),
        }
    }

    /// Whether this replica may take a stream that `caller`, as the replica `from`, opened to the replica `to`:
    /// for the first message of the layers above.
    ///
    /// # Errors
    /// What to refuse the stream with.
    pub async fn check(
        &self,
        caller: &Caller,
        protocol: u32,
        from: u64,
        to: u64,
    ) -> Result<ReplicaId, Error> {
        let known = self.table().find(ReplicaId(from)).await?;
        let peer = Peer { replica: from, ..Peer::default() };
        greet(self.me(), caller, &known, protocol, &peer, to)?;
        self.exchanges()?;
        match known {
            Known::Member(_) if from != self.me().replica => Ok(ReplicaId(from)),
            _ => Err(Error::UnknownPeer(ReplicaId(from))),
        }
    }

    /// Whether objects are exchanged at all. A joining replica would advance its clock before it
    /// has heard what others know of it, and the numbers of one that went back in time stand for
    /// other writes.
    ///
    /// # Errors
    /// If the store takes no writes.
    pub fn exchanges(&self) -> Result<(), Error> {
        self.table().store.hold().map_or(Ok(()), |hold| Err(store::Error::Held(hold).into()))
    }
}
