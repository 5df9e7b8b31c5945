//! Why a command is refused now.

use crate::region::Region;

/// Why a command cannot be done now, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(String);

impl Refused {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    pub(crate) fn not_there(region: Region) -> Self {
        Self(format!("replica {region} does not run: start {region}"))
    }

    pub(crate) fn starting(region: Region) -> Self {
        Self(format!("replica {region} is starting: wait until it runs, or kill {region}"))
    }

    pub(crate) fn paused(region: Region) -> Self {
        Self(format!("replica {region} is paused: continue {region}"))
    }
}

/// The system refuses, not we.
impl From<anyhow::Error> for Refused {
    fn from(error: anyhow::Error) -> Self {
        Self(format!("{error:#}"))
    }
}

impl From<std::io::Error> for Refused {
    fn from(error: std::io::Error) -> Self {
        Self(error.to_string())
    }
}
