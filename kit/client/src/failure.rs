//! How a command ends when it isn't done: the exit status, and what to do.

use std::error::Error;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use tonic::{Code, Status, TimeoutExpired, transport};

/// Why a command is not done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// There was nothing to get or delete.
    NotThere(String),
    /// An argument is wrong in a way that only running it shows.
    Usage(String),
    /// The replica refused the request.
    Refused(Status),
    /// No answer came from the replica.
    Unreachable(String),
    /// Stdout cannot be written.
    Output(io::Error),
}

impl Failure {
    pub(crate) fn late(timeout: Duration) -> Self {
        Self::Unreachable(format!("nothing came for {timeout:?}, see --timeout"))
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::NotThere(_) => 1.into(),
            Self::Usage(_) | Self::Output(_) if self.is_quiet() => ExitCode::SUCCESS,
            Self::Usage(_) | Self::Output(_) => 2.into(),
            Self::Refused(_) => 3.into(),
            Self::Unreachable(_) => 4.into(),
        }
    }

    /// What to tell about it; nothing where stdout was closed, as `| head` does.
    pub(crate) fn text(&self, address: &str) -> Option<String> {
        match self {
            Self::NotThere(text) | Self::Usage(text) => Some(text.clone()),
            Self::Refused(status) => Some(format!("{}: {}", name(status.code()), status.message())),
            Self::Unreachable(reason) => Some(format!(
                "no answer from {address}: {reason}\n\
                 Check that the replica runs (its /readyz page says so), and that --address is where \
                 it serves gRPC."
            )),
            Self::Output(_) if self.is_quiet() => None,
            Self::Output(error) => Some(format!("cannot write to stdout: {error}")),
        }
    }

    fn is_quiet(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }
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
        Self::Unreachable(root(&error))
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

/// What the operating system said, below all the layers that passed it on.
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
