//! The sender's end of a stream: the state machine, joined to the log.

use std::time::Duration;

use prost::Message;
use proto::replication::v1::replicate_request::Message as Request;
use proto::replication::v1::{ReplicateRequest, ReplicateResponse};
use store::ReplicaId;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, interval_at};

use crate::metrics::{Direction, OpenStream};
use crate::sender::Sender;
use crate::session::End;
use crate::{Error, Replicator};

/// How often a peer is told of progress, if there is any.
const TICK: Duration = Duration::from_secs(1);

/// Sends the log to one peer.
pub struct Sending {
    replicator: Replicator,
    peer: ReplicaId,
    machine: Sender,
    open: OpenStream,
    grown: watch::Receiver<()>,
    ticks: Interval,
    ticked: bool,
}

impl Sending {
    /// A stream to `peer` that begins now.
    ///
    /// # Errors
    /// If the store fails.
    pub async fn begin(replicator: Replicator, peer: ReplicaId) -> Result<(Self, ReplicateRequest), Error> {
        let Replicator { store, log, metrics, .. } = &replicator;
        let (me, grown, open) = (store.identity().replica, log.grown(), metrics.open(peer, Direction::Out));
        let machine = Sender::new(me, peer, log.was_cut(store).await?.sequence, store.clock().await?);
        let (begin, ticks) = (machine.begin(), interval_at(Instant::now() + TICK, TICK));
        Ok((Self { replicator, peer, machine, open, grown, ticks, ticked: false }, begin))
    }

    /// The peer has answered.
    fn answered(&self, acknowledged: u64) {
        let (peer, replicator) = (self.peer, &self.replicator);
        replicator.acknowledged.set(peer, acknowledged);
        replicator.peers.synchronized(peer);
        match (self.open.gap(self.machine.has_gap()), self.machine.has_gap()) {
            (true, true) => tracing::warn!(
                %peer, has = acknowledged,
                "a peer is too far behind: the log no longer holds what it needs. Anti-entropy has to close the gap"
            ),
            (true, false) => tracing::info!(%peer, has = acknowledged, "the gap of a peer is closed"),
            (false, _) => {}
        }
    }
}

impl End for Sending {
    type In = ReplicateResponse;
    type Out = ReplicateRequest;

    async fn due(&mut self) {
        tokio::select! {
            // Without credit nothing can be sent: growth is noticed when there is some.
            _ = self.grown.changed(), if self.machine.wants().is_some() => {}
            _ = self.ticks.tick() => self.ticked = true,
        }
    }

    async fn turn(&mut self, arrived: Vec<ReplicateResponse>) -> Result<Vec<ReplicateRequest>, Error> {
        let answered = !arrived.is_empty();
        for response in arrived {
            let received = self.machine.receive(response);
            if let Err(Error::NumbersLost { after, .. }) = &received {
                // The clock may have advanced since the stream began, and the store checks it
                // again.
                self.replicator.store.others_know(self.peer, *after).await?;
            }
            received?;
        }
        if let Some(acknowledged) = self.machine.acknowledged().filter(|_| answered) {
            // Nobody has a number that was never used. If believed, this would cut from the log
            // what the peer lacks.
            let store = &self.replicator.store;
            store.others_know(self.peer, acknowledged).await?;
            let clock = store.clock().await?;
            if acknowledged > clock {
                return Err(Error::NumbersLost { after: acknowledged, clock });
            }
        }
        // Numbers used after this replica went back in time stand for other writes elsewhere.
        self.replicator.peers.exchanges()?;
        let Some(acknowledged) = self.machine.acknowledged() else { return Ok(Vec::new()) };
        if answered {
            self.answered(acknowledged);
        }
        let Replicator { store, log, merge, metrics, .. } = &self.replicator;
        let mut messages = Vec::new();
        if let Some((sequence, limit)) = self.machine.wants() {
            let page = log.read(store, sequence, limit).await?;
            if page.more {
                self.grown.mark_changed();
            }
            messages = self.machine.read(page)?;
        }
        if std::mem::take(&mut self.ticked) {
            messages.extend(self.machine.tick(merge.knowledge(store).await?));
        }
        let changes = messages.iter().filter(|request| matches!(request.message, Some(Request::Change(_))));
        let bytes = messages.iter().map(Message::encoded_len).sum();
        metrics.sent(self.peer, changes.count() as u64, bytes);
        Ok(messages)
    }
}
