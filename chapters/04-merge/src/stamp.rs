//! What distinguishes two writes to a key, without their values.

use store::{Object, Version, VersionVector};

/// Which write an object is, and which writes it contains.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// The write that created this state of the object.
    pub version: Version,
    /// All writes that it knew of, itself included.
    pub vector: VersionVector,
}

impl From<&Object> for Stamp {
    fn from(object: &Object) -> Self {
        Self { version: object.version, vector: object.vector.clone() }
    }
}
