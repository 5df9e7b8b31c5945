//! Periodic work: watch how far behind the peers are, cut the log, collect tombstones.

use std::collections::BTreeSet;
use std::time::Duration;

use store::ReplicaId;
use tokio::time::Instant;

use crate::Replicator;
use crate::log::Lag;

/// A peer that lacks a write that is older than this is behind.
const BEHIND: Duration = Duration::from_secs(5);

/// What a replica remembers between two rounds.
pub struct Upkeep {
    replicator: Replicator,
    /// Whether there are streams, on which a peer can be behind.
    streaming: bool,
    behind: BTreeSet<ReplicaId>,
    began: Instant,
    cut: Instant,
    collected: Instant,
}

impl Upkeep {
    pub fn new(replicator: Replicator, streaming: bool) -> Self {
        let now = Instant::now();
        Self { replicator, streaming, behind: BTreeSet::new(), began: now, cut: now, collected: now }
    }

    /// One round; `members` are the other replicas.
    pub async fn round(&mut self, members: &[ReplicaId]) {
        if let Err(error) = self.try_round(members).await {
            tracing::error!(%error, "the upkeep of replication failed, and is tried again");
        }
    }

    async fn try_round(&mut self, members: &[ReplicaId]) -> Result<(), peers::Error> {
        let Replicator { store, log, merge, peers, metrics, acknowledged, .. } = self.replicator.clone();
        // A peer that answers pings is not away, even if it has nothing to report.
        peers.alive().await?.iter().for_each(|peer| merge.heard(ReplicaId(peer.replica)));
        // Pings tell peers that they are refused.
        merge.refuse(&store, peers.went_back()).await?;
        peers.refuse(merge.went_back(&store).await?);
        for peer in members {
            let lag = log.lag(&store, acknowledged.of(*peer)).await?;
            metrics.lag(*peer, lag.changes, lag.age.as_secs_f64());
            self.tell(*peer, lag);
        }
        if self.cut.elapsed() >= self.replicator.cutting {
            log.cut(&store, acknowledged.by_all(members)).await?;
            self.cut = Instant::now();
        }
        if self.collected.elapsed() >= self.replicator.collecting {
            // Nobody waits for a replica that was removed.
            for removed in peers.table().removed().await? {
                merge.leave_behind(&store, removed).await?;
            }
            merge.collect(&store, members).await?;
            self.collected = Instant::now();
        }
        metrics.log(log.length(&store).await?);
        Ok(())
    }

    /// Logs when a peer falls behind, and when it has caught up.
    fn tell(&mut self, peer: ReplicaId, lag: Lag) {
        let (changes, seconds) = (lag.changes, lag.age.as_secs());
        // After a start no peer has reported yet what it has.
        let known = self.streaming && self.began.elapsed() > BEHIND;
        if known && lag.age > BEHIND && self.behind.insert(peer) {
            tracing::warn!(%peer, changes, seconds, "a peer is behind");
        } else if changes == 0 && self.behind.remove(&peer) {
            tracing::info!(%peer, "a peer has caught up");
        }
    }
}
