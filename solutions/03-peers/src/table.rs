//! The table of peers: which replicas belong to the fleet, and where they are.
//!
//! Its entries are objects like any other, in their own namespace: they have versions, and a
//! removed replica is a tombstone. So two tables are merged like two stores.

use std::sync::Arc;

use prost::Message;
use proto::peer::v1::{Peer, PeerEntry};
use serve::Seldom;
use store::{Key, ReplicaId, Store, Version, Write};
use tokio::sync::Mutex;

use crate::Error;
use crate::entry::{self, Conflict, Entry, Known, NAMESPACE, are_two, conflict, key, known, taken};
use crate::merged::{Merged, Standing, Teller};
use crate::room::{MAX_ENTRIES, Room};

/// The peer table of one replica. Cheap to clone.
#[derive(Clone)]
pub struct Table {
    pub(crate) store: Store,
    me: Arc<Peer>,
    pub(crate) room: Room,
    /// Held while adding entries, from checking the room to the write.
    adding: Arc<Mutex<()>>,
    lines: Arc<Seldom>,
}

impl Table {
    /// Opens the table in `store`, and writes the entry of this replica, `me`, if it is missing or
    /// has changed.
    ///
    /// # Errors
    /// If this replica was removed, its id is another's, what it says of itself cannot be, or the engine
    /// failed.
    pub async fn open(store: Store, me: Peer) -> Result<Self, Error> {
        entry::check(&me).map_err(|what| Error::BadMessage(what.to_owned()))?;
        let room = Room::default();
        store.reserve(NAMESPACE, room.clone());
        let table = Self { store, me: Arc::new(me), room, adding: Arc::default(), lines: Arc::default() };
        let held = table.objects(true).await?;
        table.room.look(&held);
        for (key, object) in &held {
            if let Err(what) = entry::vet(key, object) {
                tracing::error!(%key, what = what.0, "an entry of the peer table is passed over: add or remove its replica again");
            }
        }
        table.announce().await?;
        Ok(table)
    }

    /// Writes the entry of this replica if it is missing or has changed. While it takes no writes
    /// it issues no version for its own entry either.
    ///
    /// # Errors
    /// If this replica was removed, its id is another's, or the engine failed.
    pub(crate) async fn announce(&self) -> Result<(), Error> {
        let me = self.me.clone();
        self.store.write(move |write| announce_unless_held(write, &me)).await?.check(self.me.replica)
    }

    /// The entry of this replica, as it announces itself.
    pub fn me(&self) -> &Peer {
        &self.me
    }

    /// Merges what `teller` knows, in one write, as far as it may report it and there is room.
    ///
    /// # Errors
    /// If an entry is invalid (then nothing is merged), or the engine failed.
    pub async fn merge(&self, teller: Teller, entries: Vec<PeerEntry>) -> Result<Merged, Error> {
        if entries.len() > MAX_ENTRIES {
            return Err(Error::BadMessage(format!("a peer table has at most {MAX_ENTRIES} entries")));
        }
        let mut entries = entries.into_iter().map(Entry::read).collect::<Result<Vec<_>, _>>()?;
        let _adding = self.adding.lock().await;
        // Most of the time nobody has anything new, and a write would cost a sync of the disk.
        let ours = self.objects(true).await?;
        entries.retain(|theirs| !ours.iter().any(|(key, ours)| *key == theirs.key && *ours == theirs.object));
        let news = entries.len();
        entries.retain(|entry| teller.may_tell(entry));
        let ignored = news - entries.len();
        self.room.look(&ours);
        let no_room = self.room.fit(&mut entries);
        if entries.is_empty() {
            let known = self.find(ReplicaId(self.me.replica)).await?;
            let mine = matches!(&known, Known::Member(same) if same == &*self.me);
            // Streams and repairs bring entries too, and nobody checks there what they say about
            // this replica.
            if mine || self.store.hold().is_some() {
                let standing = Standing::of(known, &self.me);
                return Ok(Merged { standing, ignored, no_room, ..Merged::default() });
            }
        }
        let me = self.me.clone();
        let merge = self.store.write(move |write| {
            // A replica that is not a member proves nothing.
            for entry in entries.iter().filter(|_| teller == Teller::Member) {
                write.check_own(&entry.key, &entry.object)?;
            }
            let (stored, conflicts) = merge(write, &entries)?;
            Ok(Merged { stored, conflicts, ignored, no_room, standing: announce_unless_held(write, &me)? })
        });
        let merged = merge.await?;
        for conflict in &merged.conflicts {
            // It is found at each merge, until somebody has fixed it.
            if let Some(kept_back) = self.lines.turn() {
                tracing::error!(%conflict, kept_back);
            }
        }
        Ok(merged)
    }

    /// Adds a replica, or changes its address and region.
    ///
    /// # Errors
    /// If the replica was removed, its directory is not the one that is known, there is no room for it, what
    /// is said of it cannot be, or the engine failed.
    pub async fn add(&self, mut peer: Peer) -> Result<Version, Error> {
        let key = key(ReplicaId(peer.replica))?;
        entry::check(&peer).map_err(|what| Error::BadMessage(format!("replica {}: {what}", peer.replica)))?;
        let _adding = self.adding.lock().await;
        self.room.look(&self.objects(true).await?);
        let room = self.room.member(&key);
        let add = self.store.write(move |write| {
            match known(&key, write.current(&key)?.as_ref()) {
                Known::Removed => return Ok(Err(Error::Removed(ReplicaId(peer.replica)))),
                Known::Member(known) if are_two(&known, &peer) => return Ok(Err(taken(&known))),
                Known::Member(known) if peer.directory.is_empty() => {
                    (peer.directory, peer.run) = (known.directory, known.run);
                }
                Known::Member(_) | Known::Unknown => {}
            }
            if let Err(error) = room {
                return Ok(Err(error));
            }
            Ok(Ok(write.put(&key, peer.encode_to_vec())?.version))
        });
        add.await?
    }

    /// Removes a replica for good; None if there is nothing to remove.
    ///
    /// # Errors
    /// If it is this replica, or the engine failed.
    pub async fn remove(&self, replica: ReplicaId) -> Result<Option<Version>, Error> {
        if replica.0 == self.me.replica {
            return Err(Error::RemoveSelf(replica));
        }
        Ok(self.store.delete(&key(replica)?).await?.map(|tombstone| tombstone.version))
    }

    /// Whether this replica has announced itself before: then it belongs to a fleet, perhaps only
    /// its own.
    pub(crate) async fn was_announced(&self) -> Result<bool, Error> {
        let known = self.find(ReplicaId(self.me.replica)).await?;
        Ok(matches!(known, Known::Member(known) if known.directory == self.me.directory))
    }
}

/// Merges `entries`; returns whose entries were replaced, and which ids have two replicas.
fn merge(
    write: &mut Write<'_, '_>,
    entries: &[Entry],
) -> Result<(Vec<ReplicaId>, Vec<Conflict>), store::Error> {
    let (mut stored, mut conflicts) = (Vec::new(), Vec::new());
    // exercise 3.2: Merge two peer tables
    //
    // Entry by entry the later version wins, ours (`write.current`) or theirs: whatever the order in
    // which replicas meet, all end with the same table. A removal is a tombstone with a version like any
    // other, and wins or loses like any other. What wins is stored as received (`write.store`). The
    // clock observes every version (`write.observe`), so that what this replica writes next is later. If
    // it refuses, the version is too far ahead to be true, and the entry is skipped. And if `conflict`
    // finds that ours and theirs are two replicas with one id, report it, whichever of the two wins.
    for Entry { replica, key, object: theirs } in entries {
        if !write.observe(theirs.version) {
            continue;
        }
        let ours = write.current(key)?;
        if let Some(ours) = &ours {
            conflicts.extend(conflict(key, ours, theirs));
        }
        if ours.as_ref().is_none_or(|ours| theirs.version > ours.version) {
            write.store(key, ours.as_ref(), theirs)?;
            stored.push(*replica);
        }
    }
    // end exercise 3.2
    Ok((stored, conflicts))
}

fn announce_unless_held(write: &mut Write<'_, '_>, me: &Peer) -> Result<Standing, store::Error> {
    if write.hold().is_none() {
        return announce(write, me);
    }
    let key = Key::new(NAMESPACE, me.replica.to_string())?;
    Ok(Standing::of(known(&key, write.current(&key)?.as_ref()), me))
}

/// Writes this replica's own entry, if the table differs from `me`.
fn announce(write: &mut Write<'_, '_>, me: &Peer) -> Result<Standing, store::Error> {
    let key = Key::new(NAMESPACE, me.replica.to_string())?;
    let current = known(&key, write.current(&key)?.as_ref());
    // exercise 3.2, continued: announce yourself
    //
    // This runs when a replica starts, and after every merge: an operator may have added this replica
    // with another address, and that entry may have won. Then the replica writes its own entry again,
    // later. It does not write when all is as it should be, or every merge would make a new version.
    // Nor when it was removed: a replica that writes itself back in cannot be removed. Nor when `are_two`
    // says that the entry is another's: two that overwrite each other would never end.
    match current {
        Known::Removed => Ok(Standing::Removed),
        Known::Member(other) if are_two(&other, me) => Ok(Standing::Taken(other)),
        Known::Member(same) if same == *me => Ok(Standing::Member),
        Known::Member(_) | Known::Unknown => {
            write.put(&key, me.encode_to_vec())?;
            Ok(Standing::Member)
        }
    }
    // end exercise 3.2
}
