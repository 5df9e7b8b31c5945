//! Which objects a message may carry.
//!
//! Every object from another program is read through these rules, whichever way it arrives, and
//! what they accept can be sent on. A record on disk is read as it is: what an older program
//! accepted is still served, but not sent.

use proto::object::v1 as wire;

use crate::{MAX_KEY, MAX_NAMESPACE, MAX_VALUE, Object, ReplicaId, Version};

/// The most replicas that write one object: as many as a fleet may have.
pub const MAX_WRITERS: usize = 1000;

/// The longest region and the longest owner, in bytes.
pub const MAX_NAME: usize = 255;

/// The largest message between replicas, in bytes: the largest object, its key, and overhead.
pub const MAX_MESSAGE: usize = 2 << 20;

/// A version in a message: two numbers of at most ten bytes and their tags, after a tag and a length.
pub(crate) const VERSION_BYTES: usize = 2 + 2 * 11;

/// Version, parent and vector; region and owner after a tag and a length; a flag.
const METADATA_BYTES: usize = (2 + MAX_WRITERS) * VERSION_BYTES + 2 * (3 + MAX_NAME) + 2;

/// Other tags and lengths, and what a message holds besides key and object.
const AROUND: usize = 64;

const _: () = assert!(MAX_NAMESPACE + MAX_KEY + METADATA_BYTES + MAX_VALUE + AROUND <= MAX_MESSAGE);

/// What no correct replica says about an object.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}; the peer that sent it is damaged or runs another program")]
pub struct BadObject(pub &'static str);

/// Whether a message may carry `metadata`.
///
/// # Errors
/// Says what may not be.
pub fn check_metadata(metadata: &wire::Metadata) -> Result<(), BadObject> {
    // First, because the cost of the rest grows with the vector.
    if metadata.vector.len() > MAX_WRITERS {
        return Err(BadObject("the metadata has a vector of more than 1,000 replicas"));
    }
    let version = metadata.version.map(Version::from).ok_or(BadObject("the metadata has no version"))?;
    let parent = metadata.parent.map(Version::from);
    let vector: Vec<_> = metadata.vector.iter().copied().map(Version::from).collect();
    // All that a write knew of came before it, so its counter is the largest.
    let came_later = |known: &Version| known.counter >= version.counter && *known != version;
    let knew = |of: Version| {
        vector.iter().any(|known| known.replica == of.replica && (1..=known.counter).contains(&of.counter))
    };
    let broken = match version {
        Version { counter: 0, .. } => "the metadata has a version with the counter 0",
        Version { replica: ReplicaId(0), .. } => "the metadata has a version of replica 0",
        _ if vector.iter().any(|known| known.counter == 0 || known.replica.0 == 0) => {
            "the metadata has a vector with a 0"
        }
        _ if !vector.is_sorted_by(|one, next| one.replica < next.replica) => {
            "the metadata has a vector that is out of order, or has a replica twice"
        }
        _ if !vector.contains(&version) => "the metadata has a vector without the write itself",
        _ if vector.iter().any(came_later) => "the metadata has a vector with a write that came later",
        _ if parent.is_some_and(|parent| parent == version || !knew(parent)) => {
            "the metadata has a parent that the write did not know of"
        }
        _ if metadata.region.len() > MAX_NAME => "the metadata has a region of more than 255 bytes",
        _ if metadata.owner.len() > MAX_NAME => "the metadata has an owner of more than 255 bytes",
        _ => return Ok(()),
    };
    Err(BadObject(broken))
}

/// Whether a message may carry `object`.
///
/// # Errors
/// Says what may not be.
pub fn check_object(object: &wire::Object) -> Result<(), BadObject> {
    let metadata = object.metadata.as_ref().ok_or(BadObject("the object has no metadata"))?;
    check_metadata(metadata)?;
    match object.value.len() {
        length if length > MAX_VALUE => Err(BadObject("the value has more than 1,048,576 bytes")),
        1.. if metadata.tombstone => Err(BadObject("the tombstone has a value")),
        _ => Ok(()),
    }
}

impl TryFrom<wire::Object> for Object {
    type Error = BadObject;

    fn try_from(object: wire::Object) -> Result<Self, BadObject> {
        check_object(&object)?;
        Self::read(object).map_err(BadObject)
    }
}
