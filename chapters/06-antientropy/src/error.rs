//! What can go wrong in a session, and what to do then.

use std::time::Duration;

use store::ReplicaId;
use tonic::{Code, Status};

/// Why a session failed. What was stored before stays; the next session resumes with the same slice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A message has invalid contents.
    #[error("the peer sent {0}; update the older of the two programs")]
    Malformed(&'static str),
    /// An object that no correct replica sends.
    #[error(transparent)]
    BadObject(#[from] store::BadObject),
    /// Knowledge that no correct replica has.
    #[error(transparent)]
    BadKnowledge(#[from] merge::BadKnowledge),
    /// A message arrived that is not allowed now.
    #[error("{0}; update the older of the two programs")]
    OutOfOrder(&'static str),
    /// The initiator checks more keys than the remote keeps in memory.
    #[error("a slice has at most {} keys; let the initiator end it there", crate::MAX_SLICE)]
    SliceTooLong,
    /// The initiator ended its half before it had sent everything.
    #[error(
        "the initiator ended the session and owes {0} objects that were asked for; the session is not done"
    )]
    Owed(usize),
    /// The stream ended before the session did.
    #[error("the peer ended the session before it was complete; the next one repeats the slice")]
    EndedEarly,
    /// Objects arrived that cannot be applied.
    #[error("{0} objects could not be taken in here; this replica's log says why")]
    NotTaken(usize),
    /// The maximum number of sessions is running.
    #[error("{0} sessions run here already; try again later")]
    Busy(usize),
    /// The maximum number of sessions with one peer is running.
    #[error("{1} sessions with replica {0} run here already; try again when one has ended")]
    BusyWith(ReplicaId, usize),
    /// Neither side sent anything for too long.
    #[error(
        "nothing was said in the session for {0:?}; see how busy the two replicas are. The next one resumes"
    )]
    Silent(Duration),
    /// Nobody is there to synchronize with.
    #[error("there is no peer to synchronize with: none is known, or all are under suspicion")]
    NoPeer,
    /// A session with oneself.
    #[error("replica {0} is this one; name another")]
    Oneself(ReplicaId),
    /// The session took too long.
    #[error("the session was not done within {0:?}; the next one resumes")]
    Deadline(Duration),
    /// The process is shutting down.
    #[error("this replica is shutting down; the next session resumes")]
    ShuttingDown,
    /// The peer refused the session, or the connection broke.
    #[error("the session broke off with {code:?}: {message}")]
    Call {
        /// The code of its status.
        code: Code,
        /// The message of its status.
        message: String,
    },
    /// The peer is refused, or cannot be reached.
    #[error(transparent)]
    Peers(#[from] peers::Error),
    /// The peer was left behind.
    #[error(transparent)]
    Merge(#[from] merge::Error),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// The code of the status: it tells a program what to do, as the message tells a person.
    pub fn code(&self) -> Code {
        match self {
            Self::Malformed(_)
            | Self::BadObject(_)
            | Self::BadKnowledge(_)
            | Self::OutOfOrder(_)
            | Self::SliceTooLong
            | Self::Oneself(_) => Code::InvalidArgument,
            Self::Owed(_) | Self::EndedEarly => Code::Aborted,
            Self::NotTaken(_) => Code::DataLoss,
            Self::Busy(_) | Self::BusyWith(..) => Code::ResourceExhausted,
            Self::NoPeer | Self::ShuttingDown => Code::Unavailable,
            Self::Deadline(_) | Self::Silent(_) => Code::DeadlineExceeded,
            Self::Call { code, .. } => *code,
            Self::Peers(error) => error.code(),
            Self::Merge(merge::Error::LeftBehind(_) | merge::Error::WentBack(_)) => Code::FailedPrecondition,
            Self::Merge(merge::Error::Store(error)) | Self::Store(error) => {
                service::Error::Store(error.clone()).code()
            }
        }
    }
}

impl Error {
    /// The label of the metric: few and fixed.
    pub(crate) fn outcome(&self) -> &'static str {
        match self.code() {
            Code::DeadlineExceeded => "deadline",
            Code::ResourceExhausted => "busy",
            Code::FailedPrecondition
            | Code::NotFound
            | Code::Unimplemented
            | Code::InvalidArgument
            | Code::PermissionDenied
            | Code::Unauthenticated => "refused",
            Code::DataLoss => "not_taken",
            Code::Aborted => "ended_early",
            _ => "broken",
        }
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Call { code: status.code(), message: status.message().into() }
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.to_string())
    }
}
