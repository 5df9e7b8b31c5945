//! The walk over all tombstones, and the replicas that nobody waits for any more.

use std::collections::BTreeSet;

use store::{Key, ReplicaId, Store, Version, Write};
use tracing::{error, warn};

use crate::records::{read_left_behind, write_left_behind};
use crate::{Error, Evidence, Merge, may_collect, stomp};

/// How many records are read, and tombstones forgotten, at once. Other callers get a turn in
/// between.
const CHUNK: usize = 128;

/// What a walk did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Collected {
    /// Tombstones that were forgotten.
    pub forgotten: u64,
    /// Tombstones that are kept for now.
    pub kept: u64,
    /// Replicas that have been left behind in this walk.
    pub left_behind: Vec<ReplicaId>,
}

impl Merge {
    /// Forgets the tombstones that may go, and leaves behind replicas not heard from for longer
    /// than the limit. `members` are the replicas in the peer table, this one included or not.
    ///
    /// Tombstones are stored among the objects, so finding them means reading everything. If there
    /// are more records than [`Options::walk`](crate::Options::walk), one call reads that many, and
    /// the next continues after them.
    ///
    /// # Errors
    /// If a record cannot be read or written.
    pub async fn collect(&self, store: &Store, members: &[ReplicaId]) -> Result<Collected, store::Error> {
        let (merge, members) = (self.clone(), members.iter().copied().collect());
        let (evidence, left_behind) = store.write(move |write| merge.evidence(write, members)).await?;
        let mut collected = Collected { left_behind, ..Collected::default() };
        if store.counts().await?.tombstones == 0 {
            return Ok(collected);
        }
        let mut after = self.walked().take();
        for _ in 0..self.options().walk.div_ceil(CHUNK) {
            let chunk = store.heads(after.as_ref(), CHUNK).await?;
            after = chunk.last().map(|(last, _)| last.clone());
            if after.is_none() {
                break;
            }
            let tombstones = chunk.into_iter().filter(|(key, metadata)| metadata.tombstone && !is_own(key));
            let (free, kept): (Vec<_>, Vec<_>) = tombstones
                .filter_map(|(key, metadata)| Some((key, Version::from(metadata.version?))))
                .partition(|(_, version)| may_collect(*version, &evidence));
            collected.kept += kept.len() as u64;
            if !free.is_empty() {
                collected.forgotten += store.write(move |write| forget(write, free)).await?;
            }
        }
        *self.walked() = after;
        self.metrics().collected(collected.forgotten);
        Ok(collected)
    }

    /// What is known now, and who is left behind.
    fn evidence(
        &self,
        write: &mut Write<'_, '_>,
        members: BTreeSet<ReplicaId>,
    ) -> Result<(Evidence, Vec<ReplicaId>), store::Error> {
        stomp::trim(write, self.now(), self.options())?;
        let mut reports = self.reports().settled();
        reports.retain(|replica, report| {
            // A replica that knows of a write has a clock that is not behind it.
            let clock = report.get(*replica);
            let believed = report.iter().all(|known| known.counter <= clock && write.believes(known));
            if !believed {
                error!(%replica, %report, "what it says that it knows cannot be true, and nothing is collected by it");
            }
            believed
        });
        let mut evidence = Evidence {
            me: write.identity().replica,
            ours: self.knowledge_in(write)?,
            reports,
            members,
            left_behind: read_left_behind(write)?,
        };
        let away = |replica: &ReplicaId| self.reports().away(*replica) > self.options().away_limit;
        let left: Vec<_> = evidence.waits_for().into_iter().filter(away).collect();
        for replica in &left {
            warn!(%replica, "it was away for too long, and is left behind: tombstones are collected without it");
        }
        if !left.is_empty() {
            evidence.left_behind.extend(&left);
            write_left_behind(write.transaction(), &evidence.left_behind);
        }
        Ok((evidence, left))
    }

    /// Whether anything may be exchanged with `peer`, in either direction; to be called before
    /// anything is. From then on collecting waits for this replica too.
    ///
    /// # Errors
    /// If it was left behind, or a record cannot be read or written.
    pub async fn check(&self, store: &Store, peer: ReplicaId) -> Result<(), Error> {
        let left_behind = store.engine().read(|reader| read_left_behind(reader)).await?;
        if left_behind.contains(&peer) {
            let went_back = self.went_back(store).await?.contains(&peer);
            return Err(if went_back { Error::WentBack(peer) } else { Error::LeftBehind(peer) });
        }
        let known = self.knowledge(store).await?;
        if known.replicas().all(|replica| replica != peer) {
            let merge = self.clone();
            store.write(move |write| merge.learn(write, peer, 0)).await?;
        }
        Ok(())
    }

    /// Whether `peer` was left behind meanwhile; for streams that were already open.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub fn refuses(&self, write: &mut Write<'_, '_>, peer: ReplicaId) -> Result<bool, store::Error> {
        Ok(read_left_behind(write)?.contains(&peer))
    }

    /// Stops waiting for `replica`, for example because it was removed from the peer table for
    /// good, and refuses it from now on.
    ///
    /// # Errors
    /// If a record cannot be read or written.
    pub async fn leave_behind(&self, store: &Store, replica: ReplicaId) -> Result<(), store::Error> {
        let left_behind = store.engine().read(|reader| read_left_behind(reader)).await?;
        if left_behind.contains(&replica) {
            return Ok(());
        }
        let leave = move |write: &mut Write<'_, '_>| {
            let mut replicas = read_left_behind(write)?;
            replicas.insert(replica);
            write_left_behind(write.transaction(), &replicas);
            Ok(())
        };
        store.write(leave).await
    }
}

/// Whether the key holds data of the replicas themselves. A replica's removal is never forgotten:
/// its id must not come back.
fn is_own(key: &Key) -> bool {
    key.namespace().starts_with(b"atoll.")
}

/// Forgets those that the key still holds: a client may have written in between.
fn forget(write: &mut Write<'_, '_>, tombstones: Vec<(Key, Version)>) -> Result<u64, store::Error> {
    let mut forgotten = 0;
    for (key, version) in tombstones {
        let current = write.current(&key)?;
        if let Some(tombstone) = current.filter(|object| object.is_tombstone() && object.version == version) {
            write.forget(&key, &tombstone)?;
            forgotten += 1;
        }
    }
    Ok(forgotten)
}
