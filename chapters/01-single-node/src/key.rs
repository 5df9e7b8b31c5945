//! How a key is encoded on disk.

use std::fmt;

use crate::Error;

/// The longest key, in bytes.
pub const MAX_KEY: usize = 4096;

/// The longest namespace, in bytes: its length is kept in one byte.
pub const MAX_NAMESPACE: usize = 255;

/// The first byte of every record that holds an object. The store's own records begin with
/// [`STORE`]; each layer above takes its own letter.
pub(crate) const OBJECT: u8 = b'o';

/// The first byte of the store's own records: clock, counts, replica and format.
pub(crate) const STORE: u8 = b's';

/// The prefix of the namespaces that replicas keep for themselves. Clients do not write there.
pub const RESERVED: &str = "atoll.";

/// The name of an object: a key within a namespace. Both may hold any bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    namespace: Vec<u8>,
    key: Vec<u8>,
}

impl Key {
    /// # Errors
    /// If the key is empty or too long, or the namespace is too long.
    pub fn new(namespace: impl Into<Vec<u8>>, key: impl Into<Vec<u8>>) -> Result<Self, Error> {
        let (namespace, key) = (namespace.into(), key.into());
        match (namespace.len(), key.len()) {
            (MAX_NAMESPACE.., _) if namespace.len() > MAX_NAMESPACE => {
                Err(Error::NamespaceTooLong(namespace.len()))
            }
            (_, 0) => Err(Error::EmptyKey),
            (_, length) if length > MAX_KEY => Err(Error::KeyTooLong(length)),
            _ => Ok(Self { namespace, key }),
        }
    }

    /// The namespace.
    pub fn namespace(&self) -> &[u8] {
        &self.namespace
    }

    /// The key within its namespace.
    pub fn key(&self) -> &[u8] {
        &self.key
    }

    /// Whether the namespace is kept for the replicas themselves.
    pub fn is_reserved(&self) -> bool {
        self.namespace.starts_with(RESERVED.as_bytes())
    }

    /// The key of this object's record on disk.
    pub fn encode(&self) -> Vec<u8> {
        encode(&self.namespace, &self.key)
    }

    /// The object whose record has this key.
    ///
    /// # Errors
    /// If these are not the bytes that [`Key::encode`] makes.
    pub fn decode(record: &[u8]) -> Result<Self, Error> {
        decode(record)
            .and_then(|(namespace, key)| Self::new(namespace, key).ok())
            .ok_or_else(|| Error::damaged(record, "it is not the key of an object"))
    }
}

/// The prefix of a namespace's records whose keys begin with `prefix`. `namespace` has at most
/// [`MAX_NAMESPACE`] bytes.
pub(crate) fn encode(namespace: &[u8], prefix: &[u8]) -> Vec<u8> {
    // exercise 1.1: Encode a key
    //
    // All objects of a replica are in one sorted sequence of records. Lay out the record's key as
    // [`OBJECT`], then one byte with the length of the namespace, then the namespace, then the key.
    // The length says where the namespace ends, whatever bytes it holds; the key comes last, so
    // that the records of one namespace are contiguous, in the order of their keys.
    todo!("exercise 1.1: Encode a key")
    // end exercise 1.1
}

/// The namespace and the key of a record; None for bytes that are not an object's key.
fn decode(record: &[u8]) -> Option<(&[u8], &[u8])> {
    // exercise 1.1, continued: and read it back
    //
    // The record may be damaged: too short, or of another kind.
    todo!("exercise 1.1: Encode a key")
    // end exercise 1.1
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} \"{}\"", self.namespace.escape_ascii(), self.key.escape_ascii())
    }
}
