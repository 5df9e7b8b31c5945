//! The store: what services, peers and commands call.

use std::sync::Arc;

use engine::Engine;
use prost::Message;
use proto::object::v1::Counts;

use crate::damage::Damages;
use crate::hold::{self, Holds, NEVER, WENT_BACK};
use crate::key::STORE;
use crate::mend::mend;
use crate::reserved::Keepers;
use crate::{Error, Key, Layer, MAX_NAME, Object, ReplicaId, Write};

/// The format of the records; the store refuses any other.
const FORMAT: u64 = 1;

pub(crate) const CLOCK: &[u8] = &[STORE, b'c', b'l', b'o', b'c', b'k'];
pub(crate) const COUNTS: &[u8] = &[STORE, b'c', b'o', b'u', b'n', b't', b's'];
pub(crate) const REPLICA: &[u8] = &[STORE, b'r', b'e', b'p', b'l', b'i', b'c', b'a'];
pub(crate) const FORMAT_RECORD: &[u8] = &[STORE, b'f', b'o', b'r', b'm', b'a', b't'];

/// Who writes: part of every object that this replica stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The id of the replica.
    pub replica: ReplicaId,
    /// Its region.
    pub region: String,
    /// Who is responsible for what it writes.
    pub owner: String,
}

/// The objects of one replica. Cheap to clone; all clones are one store.
#[derive(Clone)]
pub struct Store {
    pub(crate) engine: Engine,
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub identity: Identity,
    pub layers: Vec<Box<dyn Layer>>,
    pub holds: Holds,
    pub damages: Damages,
    pub reserved: Keepers,
}

impl Store {
    /// Opens the store on `engine`, for the replica with `identity`. `layers` are told of every
    /// write.
    ///
    /// # Errors
    /// If the data is another replica's, or has another format, or cannot be read; or if no other
    /// replica would take in what this one writes.
    pub async fn open(
        engine: Engine,
        identity: Identity,
        layers: Vec<Box<dyn Layer>>,
    ) -> Result<Self, Error> {
        for (what, name) in [("region", &identity.region), ("owner", &identity.owner)] {
            if name.len() > MAX_NAME {
                return Err(Error::NameTooLong { what, length: name.len() });
            }
        }
        let (asked, damages) = (identity.replica, Damages::default());
        mend(&engine, &damages).await?;
        let (never, found) = engine
            .update(move |txn| {
                let found = number(FORMAT_RECORD, txn.get(FORMAT_RECORD)?)?;
                let replica = number(REPLICA, txn.get(REPLICA)?)?.map(ReplicaId);
                match (found, replica) {
                    (Some(found), _) if found != FORMAT => {
                        return Err(Error::WrongFormat { found, known: FORMAT });
                    }
                    (_, Some(found)) if found != asked => return Err(Error::WrongReplica { found, asked }),
                    (Some(_), Some(_)) => {}
                    _ => {
                        txn.put(FORMAT_RECORD, FORMAT.to_be_bytes());
                        txn.put(REPLICA, asked.0.to_be_bytes());
                    }
                }
                Ok((hold::ranges(txn.get(NEVER)?)?, hold::found(txn.get(WENT_BACK)?)))
            })
            .await?;
        let (holds, reserved) = (Holds::new(never, found), Keepers::default());
        Ok(Self { engine, shared: Arc::new(Shared { identity, layers, holds, damages, reserved }) })
    }

    /// The object of `key`; None if there is none, or if it was deleted.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub async fn get(&self, key: &Key) -> Result<Option<Object>, Error> {
        Ok(self.get_with_tombstone(key).await?.filter(|object| !object.is_tombstone()))
    }

    /// What this replica holds under `key`, tombstones included.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub async fn get_with_tombstone(&self, key: &Key) -> Result<Option<Object>, Error> {
        let (record, key) = (key.encode(), key.clone());
        let held = self.engine.read(move |reader| object(reader.get(&key.encode())?, &key)).await;
        if let Err(error @ Error::Damaged { .. }) = &held {
            self.tell_damaged(&record, error);
        }
        held
    }

    /// Sets the value of `key`, and returns the object that was stored, when it is on disk.
    ///
    /// # Errors
    /// If the value is too large, or the engine failed.
    pub async fn put(&self, key: &Key, value: impl Into<Vec<u8>>) -> Result<Object, Error> {
        let (key, value) = (key.clone(), value.into());
        self.write(move |write| write.put(&key, value)).await
    }

    /// Deletes `key`, and returns the tombstone, when it is on disk; None if this replica had
    /// nothing to delete.
    ///
    /// # Errors
    /// If the engine failed.
    pub async fn delete(&self, key: &Key) -> Result<Option<Object>, Error> {
        let key = key.clone();
        self.write(move |write| write.delete(&key)).await
    }

    /// Runs `body` as one write: all that it stores goes to disk together or not at all. Returns
    /// when it is there.
    ///
    /// # Errors
    /// If `body` returns one, or the engine failed. An error of `body` discards its writes.
    pub async fn write<T: Send + 'static>(
        &self,
        body: impl FnOnce(&mut Write<'_, '_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let shared = self.shared.clone();
        // exercise 1.5: Answer when all of it is on disk
        //
        // A write changes three things: the objects, the clock, the counts. An `update` is on disk
        // when it returns, and not before; but the process may die between any two. This code makes
        // two updates of one write. Run the check, and look at what a crash between them leaves.
        // Then put everything that belongs together into a single `update`, and answer only when it
        // has returned.
        let (answer, (clock, counts)) = self
            .engine
            .update(move |txn| {
                let mut write = Write::begin(txn, &shared)?;
                let answer = body(&mut write)?;
                Ok::<_, Error>((answer, write.end()))
            })
            .await?;
        self.engine
            .update(move |txn| {
                txn.put(CLOCK, clock.counter().to_be_bytes());
                txn.put(COUNTS, counts.encode_to_vec());
                Ok(answer)
            })
            .await
        // end exercise 1.5
    }

    /// The clock: the latest counter that was issued to a write or seen in one.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub async fn clock(&self) -> Result<u64, Error> {
        self.engine.read(|reader| clock(reader.get(CLOCK)?)).await
    }

    /// The objects and tombstones of all namespaces. Each write maintains the counts, so this is
    /// one read.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub async fn counts(&self) -> Result<Counts, Error> {
        self.engine.read(|reader| counts(reader.get(COUNTS)?)).await
    }

    /// Who writes here.
    pub fn identity(&self) -> &Identity {
        &self.shared.identity
    }

    /// The engine below, for its statistics and its state.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }
}

pub(crate) fn object(record: Option<Vec<u8>>, key: &Key) -> Result<Option<Object>, Error> {
    record.map(|record| Object::decode(&record).map_err(|what| Error::damaged_object(key, what))).transpose()
}

pub(crate) fn clock(record: Option<Vec<u8>>) -> Result<u64, Error> {
    Ok(number(CLOCK, record)?.unwrap_or_default())
}

pub(crate) fn counts(record: Option<Vec<u8>>) -> Result<Counts, Error> {
    Counts::decode(&*record.unwrap_or_default()).map_err(|error| Error::damaged(COUNTS, error))
}

pub(crate) fn number(key: &[u8], record: Option<Vec<u8>>) -> Result<Option<u64>, Error> {
    record
        .map(|bytes| <[u8; 8]>::try_from(bytes).map(u64::from_be_bytes))
        .transpose()
        .map_err(|_| Error::damaged(key, "it is not a number of 8 bytes"))
}
