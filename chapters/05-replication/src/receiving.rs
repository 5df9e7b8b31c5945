//! The receiver's end of a stream: the state machine, joined to the store.

use std::future;

use prost::Message;
use proto::replication::v1::{Begin, ReplicateRequest, ReplicateResponse};
use serve::Caller;
use store::ReplicaId;

use crate::metrics::{Direction, OpenStream};
use crate::receiver::Receiver;
use crate::session::End;
use crate::{Error, Replicator};

/// Writes to disk what one peer sends.
pub struct Receiving {
    replicator: Replicator,
    peer: ReplicaId,
    machine: Receiver,
    open: OpenStream,
}

impl Receiving {
    /// Answers the `begin` of `caller`, a peer.
    ///
    /// # Errors
    /// If the peer may not send here, or the store fails.
    pub async fn begin(
        replicator: Replicator,
        caller: &Caller,
        begin: &Begin,
    ) -> Result<(Self, ReplicateResponse), Error> {
        let Replicator { store, merge, peers, metrics, .. } = &replicator;
        let peer = peers.check(caller, begin.protocol, begin.from, begin.to).await?;
        merge.check(store, peer).await?;
        let (machine, resume) = Receiver::begin(begin, merge.knowledge(store).await?.get(peer))?;
        let open = metrics.open(peer, Direction::In);
        Ok((Self { replicator, peer, machine, open }, resume))
    }

    /// The replica that sends.
    pub fn peer(&self) -> ReplicaId {
        self.peer
    }
}

impl End for Receiving {
    type In = ReplicateRequest;
    type Out = ReplicateResponse;

    async fn due(&mut self) {
        future::pending().await
    }

    async fn turn(&mut self, arrived: Vec<ReplicateRequest>) -> Result<Vec<ReplicateResponse>, Error> {
        let Replicator { store, merge, peers, metrics, .. } = &self.replicator;
        let peer = self.peer;
        metrics.received(peer, arrived.iter().map(Message::encoded_len).sum());
        let batch = self.machine.receive(arrived)?;
        if let Some(knowledge) = &batch.report {
            // Before the batch advances the clock.
            store.others_know(peer, knowledge.get(store.identity().replica)).await?;
        }
        peers.exchanges()?;
        let writing = merge.clone();
        let written = store.write(move |write| {
            // It may have been left behind since the stream began.
            if writing.refuses(write, peer)? {
                return Ok(None);
            }
            batch.apply(&writing, write).map(|done| Some((batch, done)))
        });
        let (batch, done) = written.await?.ok_or(merge::Error::LeftBehind(peer))?;
        done.outcomes.iter().for_each(|outcome| metrics.applied(peer, *outcome));
        if let Some(knowledge) = &batch.report {
            merge.report(peer, knowledge.clone());
        }
        peers.synchronized(peer);
        match (self.open.gap(batch.has_gap(&done)), batch.has_gap(&done)) {
            (true, true) => tracing::warn!(
                %peer, have = done.known, log_begins_after = batch.cut,
                "this replica is too far behind: the peer's log no longer holds what is missing. Anti-entropy has to close the gap"
            ),
            (true, false) => tracing::info!(%peer, have = done.known, "the gap is closed"),
            (false, _) => {}
        }
        Ok(vec![batch.answer(&done)?])
    }
}
