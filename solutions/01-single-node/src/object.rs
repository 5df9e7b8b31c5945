//! An object, and how it is encoded on disk.

use prost::Message;
use proto::object::v1 as wire;

use crate::{ReplicaId, Version, VersionVector};

/// The largest value, in bytes.
pub const MAX_VALUE: usize = 1 << 20;

/// What a replica holds under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Object {
    /// The write that created this state of the object.
    pub version: Version,
    /// The version that this write replaced, if any.
    pub parent: Option<Version>,
    /// The writes that the object contains, its own included.
    pub vector: VersionVector,
    /// The region of the replica that made the write.
    pub region: String,
    /// Who is responsible for the object.
    pub owner: String,
    /// The value, or a tombstone.
    pub content: Content,
}

/// What an object holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A value; it may be empty.
    Value(Vec<u8>),
    /// The mark that the object was deleted. It is kept, so that a replica that still has the
    /// value learns that it is gone.
    Tombstone,
}

impl Object {
    /// Whether the object was deleted.
    pub fn is_tombstone(&self) -> bool {
        self.content == Content::Tombstone
    }

    /// The value, if the object was not deleted.
    pub fn value(&self) -> Option<&[u8]> {
        match &self.content {
            Content::Value(value) => Some(value),
            Content::Tombstone => None,
        }
    }

    /// Everything but the value, as a message.
    pub fn metadata(&self) -> wire::Metadata {
        wire::Metadata {
            version: Some(self.version.into()),
            parent: self.parent.map(Into::into),
            vector: self.vector.iter().map(Into::into).collect(),
            region: self.region.clone(),
            owner: self.owner.clone(),
            tombstone: self.is_tombstone(),
        }
    }

    /// The object's record on disk.
    pub fn encode(&self) -> Vec<u8> {
        wire::Object::from(self).encode_to_vec()
    }

    /// The object in a record.
    ///
    /// # Errors
    /// Says what the record lacks.
    pub fn decode(record: &[u8]) -> Result<Self, String> {
        let object = wire::Object::decode(record).map_err(|error| error.to_string())?;
        Ok(Self::read(object)?)
    }

    /// The object in `object`, without the checks for messages.
    pub(crate) fn read(wire::Object { metadata, value }: wire::Object) -> Result<Self, &'static str> {
        let metadata = metadata.ok_or("it has no metadata")?;
        Ok(Self {
            version: metadata.version.ok_or("it has no version")?.into(),
            parent: metadata.parent.map(Into::into),
            vector: metadata.vector.into_iter().map(Version::from).collect(),
            region: metadata.region,
            owner: metadata.owner,
            content: if metadata.tombstone { Content::Tombstone } else { Content::Value(value) },
        })
    }
}

impl From<Object> for wire::Object {
    fn from(object: Object) -> Self {
        let metadata = Some(object.metadata());
        let value = match object.content {
            Content::Value(value) => value,
            Content::Tombstone => Vec::new(),
        };
        Self { metadata, value }
    }
}

impl From<&Object> for wire::Object {
    fn from(object: &Object) -> Self {
        object.clone().into()
    }
}

impl From<Version> for wire::Version {
    fn from(version: Version) -> Self {
        Self { counter: version.counter, replica: version.replica.0 }
    }
}

impl From<wire::Version> for Version {
    fn from(version: wire::Version) -> Self {
        Self { counter: version.counter, replica: ReplicaId(version.replica) }
    }
}
