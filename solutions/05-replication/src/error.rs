//! Why a stream between two replicas ends, and what to do then.

use store::{ReplicaId, Version};
use tonic::{Code, Status};
use transcript::Closed;

/// Why a stream was refused, or ended.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// The sender's clock is behind writes of it that are known here.
    #[error(
        "replica {from} gives numbers again that it gave before: its clock stands at {clock}, and its writes up \
         to {known} are known here. Its directory is an older copy; start it with an empty directory, a new id \
         and the addresses of others (--seeds)"
    )]
    NumbersAgain {
        /// The replica that sends.
        from: ReplicaId,
        /// Its clock.
        clock: u64,
        /// Up to where its writes are known.
        known: u64,
    },
    /// The peer knows writes of this replica that it never made.
    #[error(
        "the peer has writes of this replica up to {after}, and its clock stands at {clock}: this directory is an \
         older copy; start with an empty directory, a new id and the addresses of others (--seeds)"
    )]
    NumbersLost {
        /// Up to where the peer has writes.
        after: u64,
        /// The clock.
        clock: u64,
    },
    /// The log was cut beyond what the peer has.
    #[error(
        "replica {0} is too slow: the log no longer holds what it needs next. Anti-entropy brings it the rest"
    )]
    CutAway(ReplicaId),
    /// A message that the protocol does not allow at this point.
    #[error("the peer sent {0}; one of the two programs is at fault, compare their versions")]
    Unexpected(String),
    /// An object that no correct replica sends.
    #[error(transparent)]
    BadObject(#[from] store::BadObject),
    /// Knowledge that no correct replica has.
    #[error(transparent)]
    BadKnowledge(#[from] merge::BadKnowledge),
    /// More messages came than were allowed.
    #[error("the peer sent more than it had credit for; its program is at fault")]
    BeyondCredit,
    /// A write is so far ahead that applying it would use up the clock.
    #[error(
        "the write {0} is too far ahead of the clock here to be true; look after the replica that made it"
    )]
    TooFarAhead(Version),
    /// The other end accepts nothing more.
    #[error(transparent)]
    Closed(#[from] Closed),
    /// The peer, or the network, ended the stream.
    #[error("{}", .0.message())]
    Ended(Status),
    /// The peer did not answer.
    #[error("the peer does not answer; see whether it runs, and how busy it is")]
    NoAnswer,
    /// The sender opened another stream.
    #[error("the sender has opened a newer stream")]
    Replaced,
    /// This replica is shutting down.
    #[error("this replica is shutting down; open the stream again when it is back")]
    ShuttingDown,
    /// The peer is not who it should be, or cannot be reached.
    #[error(transparent)]
    Peers(#[from] peers::Error),
    /// The peer may not take part.
    #[error(transparent)]
    Merge(#[from] merge::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl Error {
    /// The code of the status: it tells a program what to do, as the message tells a person.
    pub fn code(&self) -> Code {
        match self {
            Self::NumbersAgain { .. } | Self::NumbersLost { .. } | Self::TooFarAhead(_) => {
                Code::FailedPrecondition
            }
            Self::Merge(merge::Error::LeftBehind(_) | merge::Error::WentBack(_)) => Code::FailedPrecondition,
            Self::Merge(merge::Error::Store(error)) | Self::Store(error) => {
                service::Error::Store(error.clone()).code()
            }
            Self::Unexpected(_) | Self::BadObject(_) | Self::BadKnowledge(_) => Code::InvalidArgument,
            Self::BeyondCredit => Code::ResourceExhausted,
            Self::Closed(_) | Self::ShuttingDown | Self::NoAnswer | Self::CutAway(_) => Code::Unavailable,
            Self::Replaced => Code::Aborted,
            Self::Ended(status) => status.code(),
            Self::Peers(error) => error.code(),
        }
    }

    /// Whether a retry may soon succeed: nothing was refused, something broke.
    pub fn may_pass(&self) -> bool {
        !matches!(
            self.code(),
            Code::FailedPrecondition
                | Code::InvalidArgument
                | Code::AlreadyExists
                | Code::PermissionDenied
                | Code::Unauthenticated
                | Code::Unimplemented
        )
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Ended(status)
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.to_string())
    }
}
