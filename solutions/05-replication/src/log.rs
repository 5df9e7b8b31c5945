//! The change log: what this replica's clients wrote, in the order of the writes.

use std::sync::Arc;
use std::time::Duration;

use engine::{Reader, Transaction};
use merge::WallClock;
use proto::object::v1::Object as WireObject;
use store::{Error, Key, Layer, Object, ReplicaId, Store};
use tokio::sync::watch;

use crate::mend::mend;
use crate::record::{self, CUT, ENTRIES, Entry, LAST, Place};

/// How many entries are read or cut at once.
const CHUNK: usize = 64;

/// A page ends when its objects hold this many bytes, if it isn't full before.
const PAGE_BYTES: usize = 1 << 20;

/// The log of one replica. Cheap to clone: one clone is a layer of the store, others read.
#[derive(Clone)]
pub struct Log(Arc<Shared>);

struct Shared {
    me: ReplicaId,
    clock: WallClock,
    most: u64,
    grown: watch::Sender<()>,
}

/// Some of the changes after a position in the log.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Page {
    /// The changes, in the order of their sequence numbers.
    pub changes: Vec<Change>,
    /// No write of this replica up to this sequence number comes after the page.
    pub through: u64,
    /// Whether more may follow.
    pub more: bool,
    /// Up to where the log was cut: writes up to this sequence number are not in any page.
    pub cut: u64,
}

/// A change, with what the replica now holds under its key.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The sequence number: the counter of the write's version.
    pub sequence: u64,
    /// What was written.
    pub key: Key,
    /// That write, or what replaced it. None if it was a tombstone that all replicas had, so that
    /// nobody needs it any more, or if no other replica would accept it, or if it is damaged.
    pub object: Option<WireObject>,
}

/// How far behind this replica a peer is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lag {
    /// The changes that it has not acknowledged.
    pub changes: u64,
    /// The age of the oldest of them.
    pub age: Duration,
}

impl Log {
    /// The log of replica `me`. It holds `most` changes, and drops older ones, even if a peer lacks
    /// them.
    pub fn new(me: ReplicaId, clock: WallClock, most: u64) -> Self {
        Self(Arc::new(Shared { me, clock, most, grown: watch::Sender::new(()) }))
    }

    /// The changes after `sequence`, at most `limit`.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn read(&self, store: &Store, sequence: u64, limit: usize) -> Result<Page, Error> {
        // A reader woken by an unfinished write waits here until it is on disk: an update without
        // writes costs nothing, and returns after those before it.
        store.engine().update(|_| Ok::<_, Error>(())).await?;
        // The clock is read before the log: so each write up to it is in the log, or was cut.
        let clock = store.clock().await?;
        let sent_from = store.clone();
        let body = move |reader: &mut Reader<'_>| {
            let cut = record::place(CUT, reader.get(CUT)?)?.sequence;
            let changes = read(reader, &sent_from, sequence, limit)?;
            let last = changes.last().map(|change| change.sequence);
            Ok(Page { changes, through: last.unwrap_or(clock.max(sequence)), more: last.is_some(), cut })
        };
        self.look(store, body).await
    }

    /// How far behind a peer is that has all changes up to `sequence`.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn lag(&self, store: &Store, sequence: u64) -> Result<Lag, Error> {
        let now = self.0.clock.now();
        let body = move |reader: &mut Reader<'_>| {
            let last = record::number(LAST, reader.get(LAST)?)?;
            let Some((_, oldest)) = entries(reader, sequence, 1)?.pop() else { return Ok(Lag::default()) };
            let age = now.saturating_sub(oldest.written);
            Ok(Lag { changes: last.saturating_sub(oldest.ordinal) + 1, age })
        };
        self.look(store, body).await
    }

    /// Up to where the log was cut.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub async fn was_cut(&self, store: &Store) -> Result<Place, Error> {
        self.look(store, |reader| record::place(CUT, reader.get(CUT)?)).await
    }

    /// How many changes the log holds.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub async fn length(&self, store: &Store) -> Result<u64, Error> {
        let body = |reader: &mut Reader<'_>| {
            let (last, cut) = (reader.get(LAST)?, reader.get(CUT)?);
            Ok(record::number(LAST, last)?.saturating_sub(record::place(CUT, cut)?.ordinal))
        };
        self.look(store, body).await
    }

    /// What `body` reads from the log, which is repaired first if one of its records is damaged.
    async fn look<T: Send + 'static>(
        &self,
        store: &Store,
        body: impl Fn(&mut Reader<'_>) -> Result<T, Error> + Clone + Send + 'static,
    ) -> Result<T, Error> {
        match store.engine().read(body.clone()).await {
            Err(Error::Damaged { .. }) => mend(store, self.0.me).await?,
            read => return read,
        }
        store.engine().read(body).await
    }

    /// Signals writes: each is on disk soon after, or was discarded.
    pub fn grown(&self) -> watch::Receiver<()> {
        self.0.grown.subscribe()
    }

    /// Drops the changes up to the sequence number `acknowledged`, which all members have, and the
    /// oldest if the log holds too many.
    ///
    /// # Errors
    /// If the engine failed.
    pub async fn cut(&self, store: &Store, acknowledged: u64) -> Result<(), Error> {
        loop {
            let body = |reader: &mut Reader<'_>| {
                let last = record::number(LAST, reader.get(LAST)?)?;
                Ok::<_, Error>((last, entries(reader, 0, CHUNK)?))
            };
            let (last, oldest) = self.look(store, body).await?;
            let most = self.0.most;
            // exercise 5.1, continued: cut the log
            //
            // `oldest` are the first entries of the log, each with its sequence number. An entry
            // may go when it is acknowledged, or when the log holds more than `most` entries: count
            // by ordinals, of which `last` is the last; sequence numbers have gaps. If none may go,
            // return. Otherwise delete their records (`record::entry(sequence)`) and put the place
            // of the last one removed under [`CUT`], all in one `store.engine().update`.
            let may_go = |sequence: u64, ordinal: u64| {
                sequence <= acknowledged || last.saturating_sub(ordinal) >= most
            };
            let gone: Vec<_> =
                oldest.into_iter().take_while(|(sequence, entry)| may_go(*sequence, entry.ordinal)).collect();
            let Some((sequence, entry)) = gone.last() else { return Ok(()) };
            let cut = Place { sequence: *sequence, ordinal: entry.ordinal };
            let body = move |txn: &mut Transaction<'_>| {
                gone.iter().for_each(|(sequence, _)| txn.delete(record::entry(*sequence)));
                txn.put(CUT, cut.encode());
                Ok::<_, Error>(())
            };
            store.engine().update(body).await?;
            // end exercise 5.1
        }
    }
}

impl Layer for Log {
    fn changed(
        &self,
        txn: &mut Transaction<'_>,
        key: &Key,
        _before: Option<&Object>,
        after: Option<&Object>,
    ) -> Result<(), Error> {
        let Shared { me, clock, grown, .. } = &*self.0;
        // exercise 5.1: Log a write in its own batch
        //
        // This is called for every change of a key, in the transaction that makes it: what is put
        // into `txn` is on disk with the write, or not at all. A peer sends its own writes itself,
        // so the log holds only versions of replica `me`, including deletions. `after` is None when
        // a tombstone is forgotten, which is not a write.
        //
        // Put an [`Entry`] under `record::entry(sequence)`; the sequence number is the counter of
        // the version. Ordinals count the entries: the last one used is under [`LAST`]
        // (`record::number` reads it), where the next write, or the next process, finds it. Finally
        // wake the senders: `grown.send_replace(())`.
        let Some(written) = after.filter(|object| object.version.replica == *me) else {
            return Ok(());
        };
        let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
        let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
        txn.put(record::entry(written.version.counter), entry.encode());
        txn.put(LAST, ordinal.to_be_bytes());
        grown.send_replace(());
        Ok(())
        // end exercise 5.1
    }
}

/// The entries after a sequence number, each with its own.
fn entries(reader: &mut Reader<'_>, after: u64, limit: usize) -> Result<Vec<(u64, Entry)>, Error> {
    // exercise 5.1, continued: begin behind what was cut
    //
    // Before the first entry lie all that were ever cut: to an LSM tree a deletion is one more
    // record, and a scan that begins before them walks over each. Every reader of the log comes
    // through here, even to read what comes after 0. So begin where the last cut ended, if that is
    // later: its place is under [`CUT`].
    let cut = record::place(CUT, reader.get(CUT)?)?;
    let after = after.max(cut.sequence);
    // end exercise 5.1
    let rows = reader.scan(ENTRIES, Some(&record::entry(after)), limit)?;
    rows.into_iter().map(|(key, value)| Ok((record::sequence(&key)?, Entry::decode(&key, &value)?))).collect()
}

/// The entries after a sequence number, with what the replica now holds under their keys.
fn read(reader: &mut Reader<'_>, store: &Store, after: u64, limit: usize) -> Result<Vec<Change>, Error> {
    let (mut changes, mut bytes) = (Vec::new(), 0);
    for (sequence, Entry { key, .. }) in entries(reader, after, limit)? {
        let record = key.encode();
        let value = reader.get(&record)?;
        bytes += value.as_ref().map_or(0, Vec::len);
        let object = value.and_then(|value| match Object::decode(&value) {
            Ok(object) => Some(object),
            Err(what) => {
                store.tell_damaged(&record, &Error::damaged_object(&key, what));
                None
            }
        });
        let object = object.filter(|object| may_send(store, &key, object)).map(WireObject::from);
        changes.push(Change { sequence, key, object });
        if bytes >= PAGE_BYTES {
            break;
        }
    }
    Ok(changes)
}

/// Whether another replica would accept `object`. If it were sent anyway, it would end each stream,
/// and hold up everything after it.
fn may_send(store: &Store, key: &Key, object: &Object) -> bool {
    let checked = store.may_send(key, object);
    if let Err(what) = &checked {
        tracing::error!(%key, version = %object.version, what = what.0, "a write is not sent: put it again");
    }
    checked.is_ok()
}
