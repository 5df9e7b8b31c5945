//! What tells two writes of a key apart, without their values.

use proto::object::v1 as wire;
use store::{Object, Version, VersionVector};

/// Which write an object is, and which writes it contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The write that made the object what it is.
    pub version: Version,
    /// All writes that it knew of, itself included.
    pub vector: VersionVector,
}

/// Metadata that no replica could have made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the metadata {0}; the peer that sent it is damaged or runs another program")]
pub struct BadStamp(&'static str);

impl From<&Object> for Stamp {
    fn from(object: &Object) -> Self {
        Self { version: object.version, vector: object.vector.clone() }
    }
}

impl TryFrom<&wire::Metadata> for Stamp {
    type Error = BadStamp;

    fn try_from(metadata: &wire::Metadata) -> Result<Self, BadStamp> {
        let version = Version::from(metadata.version.ok_or(BadStamp("has no version"))?);
        let vector: VersionVector = metadata.vector.iter().copied().map(Version::from).collect();
        match version {
            Version { counter: 0, .. } => Err(BadStamp("has a version with the counter 0")),
            _ if version.replica.0 == 0 => Err(BadStamp("has a version of replica 0")),
            _ if !vector.contains(version) => Err(BadStamp("has a vector without the write itself")),
            _ if vector.iter().any(|known| known.counter > version.counter) => {
                Err(BadStamp("has a vector with a write that came later"))
            }
            _ => Ok(Self { version, vector }),
        }
    }
}
