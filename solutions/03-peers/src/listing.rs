//! What the table holds: who belongs to the fleet, and who was removed.

use proto::peer::v1::{Peer, PeerEntry};
use store::{Key, Object, ReplicaId, Scan};

use crate::entry::{self, Known, NAMESPACE, key, known};
use crate::room::{MAX_ENTRIES, MAX_MEMBERS};
use crate::{Error, Table};

impl Table {
    /// What is known about a replica.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub async fn find(&self, replica: ReplicaId) -> Result<Known, Error> {
        let key = key(replica)?;
        match self.store.get_with_tombstone(&key).await {
            // The next peer that reports it repairs it.
            Err(store::Error::Damaged { .. }) => Ok(Known::Unknown),
            held => Ok(known(&key, held?.as_ref())),
        }
    }

    /// Whether a replica was removed for good.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub async fn is_removed(&self, replica: ReplicaId) -> Result<bool, Error> {
        Ok(self.find(replica).await? == Known::Removed)
    }

    /// The replicas of the fleet, this one included, ascending by id.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn peers(&self) -> Result<Vec<Peer>, Error> {
        let mut peers = Vec::new();
        for (key, object) in self.objects(false).await? {
            if let Known::Member(peer) = known(&key, Some(&object)) {
                peers.push(peer);
            }
        }
        // An older program accepted more by repairs. Whatever is in the table, only this many are
        // dialed and watched; this replica is among them, and the others are the same everywhere.
        peers.sort_by_key(|peer| (peer.replica != self.me().replica, peer.replica));
        peers.truncate(MAX_MEMBERS);
        peers.sort_by_key(|peer| peer.replica);
        Ok(peers)
    }

    /// The table, removed replicas included, as a peer accepts it: no more than it may hold,
    /// members first.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn entries(&self) -> Result<Vec<PeerEntry>, Error> {
        let mut objects = self.objects(true).await?;
        if objects.len() > MAX_ENTRIES {
            objects.sort_by_key(|(_, object)| object.is_tombstone());
            objects.truncate(MAX_ENTRIES);
        }
        Ok(objects.into_iter().filter_map(entry::to_wire).collect())
    }

    /// The replicas that were removed for good, ascending by id.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn removed(&self) -> Result<Vec<ReplicaId>, Error> {
        let tombstones = self.objects(true).await?.into_iter().filter(|(_, object)| object.is_tombstone());
        let mut removed: Vec<_> = tombstones.filter_map(|(key, _)| entry::replica(&key)).collect();
        removed.sort();
        Ok(removed)
    }

    pub(crate) async fn objects(&self, tombstones: bool) -> Result<Vec<(Key, Object)>, Error> {
        let namespace = NAMESPACE.into();
        let mut scan = Scan { namespace, prefix: Vec::new(), after: None, limit: MAX_ENTRIES, tombstones };
        let mut objects = Vec::new();
        loop {
            let page = match self.store.scan(scan.clone()).await {
                // Everything readable was returned before.
                Err(store::Error::Damaged { .. }) => return Ok(objects),
                page => page?,
            };
            objects.extend(page.objects);
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(objects),
            }
        }
    }
}
