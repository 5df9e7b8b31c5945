//! How a failed command ends: the exit status, and what to do.

use std::error::Error;
use std::io;
use std::time::Duration;

use tonic::{Code, Status, TimeoutExpired, transport};

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There was nothing to get or delete.
    NotThere(String),
    /// An argument is wrong in a way that only shows when it runs.
    Usage(String),
    /// The replica refused the request.
    Refused(Status),
    /// No answer came from the replica.
    Unreachable(String),
    /// The replica and this client do not agree on TLS.
    Tls(String),
    /// Stdout cannot be written.
    Output(io::Error),
}

impl Failure {
    pub(crate) fn late(timeout: Duration) -> Self {
        Self::Unreachable(format!("nothing came for {timeout:?}, see --timeout"))
    }

    /// The TLS files are invalid.
    pub(crate) fn tls_files(error: tls::Error) -> Self {
        Self::Usage(with_source(&error))
    }

    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Output(error) if is_closed(error) => 0,
            Self::NotThere(_) => 1,
            Self::Usage(_) | Self::Output(_) => 2,
            Self::Refused(_) => 3,
            Self::Unreachable(_) | Self::Tls(_) => 4,
        }
    }

    /// What to tell about it; nothing if stdout was closed, as `| head` does.
    pub(crate) fn text(&self, address: &str) -> Option<String> {
        match self {
            Self::NotThere(text) | Self::Usage(text) => Some(text.clone()),
            Self::Refused(status) => Some(format!("{}: {}", name(status.code()), status.message())),
            Self::Unreachable(reason) => Some(format!(
                "no answer from {address}: {reason}\n\
                 Check that the replica runs (its /readyz page says so), and that --address is where \
                 it serves gRPC, with https:// where it is within TLS."
            )),
            Self::Tls(reason) => Some(format!("no TLS with {address}: {reason}")),
            Self::Output(error) if is_closed(error) => None,
            Self::Output(error) => Some(format!("cannot write to stdout: {error}")),
        }
    }
}

/// Whether nobody reads stdout any more.
fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

impl From<Status> for Failure {
    fn from(status: Status) -> Self {
        // Only a status that was made here, and did not come from the replica, has a source.
        match status.source() {
            Some(source) if is_timeout(source) => {
                Self::Unreachable("no answer in time, see --timeout".into())
            }
            Some(source) => Self::Unreachable(root(source)),
            None if status.code() == Code::NotFound => {
                Self::NotThere(format!("NOT_FOUND: {}", status.message()))
            }
            None => Self::Refused(status),
        }
    }
}

impl From<transport::Error> for Failure {
    fn from(error: transport::Error) -> Self {
        match chain(&error).find_map(|error| error.downcast_ref::<tls::Error>()) {
            Some(error) => Self::Tls(with_source(error)),
            None => Self::Unreachable(root(&error)),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

fn is_timeout(error: &(dyn Error + 'static)) -> bool {
    chain(error).any(|error| error.is::<TimeoutExpired>())
}

/// What is wrong with TLS, and what the operating system says about it.
fn with_source(error: &tls::Error) -> String {
    match error.source() {
        Some(source) => format!("{error} ({source})"),
        None => error.to_string(),
    }
}

/// What the operating system said, below all the layers that wrapped it.
fn root(error: &(dyn Error + 'static)) -> String {
    chain(error).last().map(ToString::to_string).unwrap_or_default()
}

/// The code as the specification of gRPC writes it.
fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_status_says_whose_turn_it_is() {
        let refused = |code| Failure::from(Status::new(code, "no")).exit_code();
        assert_eq!(refused(Code::NotFound), 1);
        assert_eq!(refused(Code::InvalidArgument), 3);
        assert_eq!(refused(Code::Unavailable), 3, "the replica itself says that it is shutting down");
        let mut broken = Status::unavailable("the connection is lost");
        broken.set_source(std::sync::Arc::new(io::Error::other("connection reset")));
        let failure = Failure::from(broken);
        assert_eq!(failure.exit_code(), 4);
        assert!(
            failure.text("http://a:1/").unwrap().starts_with("no answer from http://a:1/: connection reset")
        );
    }

    #[test]
    fn a_refusal_is_told_with_its_code() {
        let failure = Failure::from(Status::invalid_argument("the key is empty"));
        assert_eq!(failure.text("").unwrap(), "INVALID_ARGUMENT: the key is empty");
    }

    #[test]
    fn a_closed_stdout_is_no_failure_and_a_full_disk_is_one() {
        let closed = Failure::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!((closed.exit_code(), closed.text("")), (0, None));
        let full = Failure::from(io::Error::from(io::ErrorKind::StorageFull));
        assert_eq!(full.exit_code(), 2);
        assert!(full.text("").is_some());
    }
}
