//! What can go wrong, and what to do then.

use crate::{Hold, Key, MAX_KEY, MAX_NAME, MAX_NAMESPACE, MAX_VALUE, MAX_WRITERS, ReplicaId};

/// Why the store refused or failed. Unless it says otherwise, nothing was written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The key has no bytes.
    #[error("the key is empty; a key has 1 to {MAX_KEY} bytes")]
    EmptyKey,
    /// The key has too many bytes.
    #[error("the key has {0} bytes; a key has at most {MAX_KEY}. Put what is long into the value")]
    KeyTooLong(usize),
    /// The namespace has too many bytes.
    #[error("the namespace has {0} bytes; a namespace has at most {MAX_NAMESPACE}")]
    NamespaceTooLong(usize),
    /// The value has too many bytes.
    #[error("the value has {0} bytes; a value has at most {MAX_VALUE}. Split it over several keys")]
    ValueTooLarge(usize),
    /// As many replicas wrote the key as an object has room for, and this is not one of them.
    #[error("{MAX_WRITERS} other replicas wrote this key, and an object counts no more; use another key")]
    TooManyWriters,
    /// The region or the owner of the replica has too many bytes.
    #[error("the {what} has {length} bytes; give one of at most {MAX_NAME}")]
    NameTooLong {
        /// Which of the two.
        what: &'static str,
        /// Its length.
        length: usize,
    },
    /// A page with no entries was requested.
    #[error("the limit is 0; ask for 1 entry or more")]
    ZeroLimit,
    /// The data belongs to another replica.
    #[error(
        "this data belongs to replica {found}, not to replica {asked}; start as replica {found}, or with an empty directory"
    )]
    WrongReplica {
        /// The replica that made the data.
        found: ReplicaId,
        /// The replica that was to open it.
        asked: ReplicaId,
    },
    /// The data was written by another version of the program.
    #[error(
        "this data has format {found}, and this program reads format {known}; use the program that wrote it"
    )]
    WrongFormat {
        /// The format on disk.
        found: u64,
        /// The format that this program reads and writes.
        known: u64,
    },
    /// A record on disk is not what the store wrote.
    #[error("the record {record} is damaged ({what}); {advice}")]
    Damaged {
        /// The key of the record, escaped, or of the object.
        record: String,
        /// What is wrong with it.
        what: String,
        /// What to do.
        advice: &'static str,
    },
    /// No version may be given.
    #[error(transparent)]
    Held(#[from] Hold),
    /// The clock is at its last value.
    #[error("the clock stands at its last value; no write can be given a later version")]
    ClockExhausted,
    /// The engine below failed. A write that was in progress may or may not be on disk.
    #[error(transparent)]
    Engine(#[from] engine::Error),
}

impl Error {
    /// A record of the store or of a layer, without which its directory is of no use.
    pub fn damaged(record: &[u8], what: impl ToString) -> Self {
        let advice = "start with an empty directory, a new id and the addresses of other replicas (--seeds), and they \
                      fill it. A backup is for a replica that has no others";
        Self::Damaged { record: format!("\"{}\"", record.escape_ascii()), what: what.to_string(), advice }
    }

    /// A record that is lost, and without which everything else continues.
    pub fn passed_over(record: &[u8], what: impl ToString, advice: &'static str) -> Self {
        Self::Damaged { record: format!("\"{}\"", record.escape_ascii()), what: what.to_string(), advice }
    }

    /// What a key holds.
    pub fn damaged_object(key: &Key, what: impl ToString) -> Self {
        let advice = "put or delete the key again; where another replica has it, anti-entropy brings it back";
        Self::Damaged { record: key.to_string(), what: what.to_string(), advice }
    }
}
