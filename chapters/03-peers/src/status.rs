//! An error as a status: sent to another replica, and received from one.

use tonic::{Code, Status};

use crate::Error;

/// The most characters that are kept of a peer's own words.
const MAX_MESSAGE: usize = 500;

impl Error {
    /// The code of the status: it tells a program what to do, as the message tells a person.
    pub fn code(&self) -> Code {
        match self {
            Self::Removed(_) | Self::RemoveSelf(_) | Self::NoRoom | Self::NoIds => Code::FailedPrecondition,
            Self::IdTaken { .. } => Code::AlreadyExists,
            Self::WrongReplica { .. } | Self::UnknownPeer(_) => Code::NotFound,
            Self::NotAllowed { .. } | Self::NotYou { .. } => Code::PermissionDenied,
            Self::NobodyKnown { .. } => Code::Unauthenticated,
            Self::Protocol { .. } => Code::Unimplemented,
            Self::BadMessage(_) | Self::BadAddress { .. } => Code::InvalidArgument,
            Self::Unreachable { .. } => Code::Unavailable,
            Self::DialEnded(_) => Code::Internal,
            Self::Call { code, .. } => *code,
            Self::Store(error) => ::service::Error::Store(error.clone()).code(),
            Self::NoIdentity { .. }
            | Self::TwoIdentities { .. }
            | Self::BadIdentity { .. }
            | Self::File { .. }
            | Self::NoAddress(_)
            | Self::OnlyItself(_)
            | Self::NotMyCertificate { .. }
            | Self::Refused(_)
            | Self::Tls(_)
            | Self::Serve(_) => Code::FailedPrecondition,
        }
    }

    /// If a peer refuses this replica for good: why, in the peer's words.
    pub(crate) fn refused_for_good(&self) -> Option<Self> {
        match self {
            Self::Call { code: Code::AlreadyExists | Code::FailedPrecondition, message } => {
                Some(Self::Refused(message.clone()))
            }
            _ => None,
        }
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        // It appears in this replica's log and listing, and was written elsewhere.
        let plain = status.message().chars().filter(|each| !each.is_control()).take(MAX_MESSAGE);
        Self::Call { code: status.code(), message: plain.collect() }
    }
}

impl From<Error> for Status {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.to_string())
    }
}
