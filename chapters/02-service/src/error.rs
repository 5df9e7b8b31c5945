//! What a caller is told when a request fails.

use proto::kv::v1::Refusal;
use store::Hold;
use tonic::{Code, Status};

use crate::MAX_BATCH;

/// Why a request was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no such object, or it was deleted.
    #[error("this replica has no value for the key; another one may")]
    NotFound,
    /// The namespace is not a valid name.
    #[error(
        "the namespace \"{0}\" is no name; use 1 to 63 of a-z, 0-9, '-', '_' and '.', beginning with a letter or digit"
    )]
    BadNamespace(String),
    /// The namespace is kept for the replicas' own data.
    #[error(
        "the namespace \"{0}\" is kept for the replicas themselves; use one that does not begin with \"atoll.\""
    )]
    ReservedNamespace(String),
    /// A page with too many entries was requested.
    #[error("the page size is {0}; ask for 1 to 1000 entries, or for 0 to get 100")]
    PageSize(u32),
    /// The page token was not made here.
    #[error("the page token was not made by this replica; begin again without a token")]
    ForeignToken,
    /// The page token was made for another request.
    #[error(
        "the page token was made for another request; repeat it with the same namespace, prefix and options, or begin again without a token"
    )]
    StaleToken,
    /// The access is of a kind that this program does not know.
    #[error("the request asks for nothing that this replica knows; a newer client may need a newer replica")]
    UnknownAccess,
    /// The batch has too many writes.
    #[error(
        "a batch has at most {MAX_BATCH} writes; the first {MAX_BATCH} of this one are on disk, send the rest in another batch"
    )]
    BatchTooLong,
    /// The replica is shutting down.
    #[error("this replica is shutting down; ask another replica, or try again when it is back")]
    ShuttingDown,
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// The code of the status: it tells a program what to do, as the message tells a person.
    pub fn code(&self) -> Code {
        // exercise 2.1: Errors to statuses
        //
        // A client decides by the code alone whether to fix its request, to retry, or to call
        // somebody. So ask about each error: whose fault is it, and does retrying help? What the
        // caller sent: INVALID_ARGUMENT. Nothing there: NOT_FOUND. More than the replica takes at
        // once: RESOURCE_EXHAUSTED. Stored data is damaged, a record or a file of the engine
        // (`engine::Error::Corrupt`): DATA_LOSS. This replica cannot serve just now, and another one
        // can (it is shutting down, it is held while it is joining, or its engine has any other
        // error): UNAVAILABLE. The current state does not allow it (a directory or a name that does
        // not fit, a replica that went back in time, a key that too many replicas wrote):
        // FAILED_PRECONDITION. Anything else (a clock at its last value) is the replica's own fault:
        // INTERNAL.
        todo!("exercise 2.1: Errors to statuses")
        // end exercise 2.1
    }

    /// The error as the result of one access among others.
    pub fn refusal(&self) -> Refusal {
        Refusal { code: self.code().into(), message: self.to_string() }
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.to_string())
    }
}
