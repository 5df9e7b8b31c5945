//! From messages to the store's types, and back.

use proto::kv::v1::{Entry, ReturnOptions};
use store::{Content, Key, Object, RESERVED};

use crate::Error;

/// The namespace of a request that names none.
const DEFAULT_NAMESPACE: &str = "default";

/// The longest name of a namespace, in characters.
const MAX_NAME: usize = 63;

/// The namespace that a request means.
///
/// # Errors
/// If it is not a valid name, or reserved.
pub fn namespace(name: &str) -> Result<&str, Error> {
    let is_name = name.len() <= MAX_NAME
        && !name.starts_with(['.', '-', '_'])
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.'));
    match name {
        "" => Ok(DEFAULT_NAMESPACE),
        _ if name.starts_with(RESERVED) => Err(Error::ReservedNamespace(name.into())),
        _ if is_name => Ok(name),
        _ => Err(Error::BadNamespace(name.chars().take(MAX_NAME + 1).collect())),
    }
}

/// The key that a request means.
///
/// # Errors
/// If the namespace is not a valid name, or the key is empty or too long.
pub fn key(name: &str, key: Vec<u8>) -> Result<Key, Error> {
    Ok(Key::new(namespace(name)?, key)?)
}

/// An object, as far as it was asked for.
pub fn entry(options: &ReturnOptions, key: &Key, object: Object) -> Entry {
    let metadata = (options.metadata || object.is_tombstone()).then(|| object.metadata());
    let key = if options.no_key { Vec::new() } else { key.key().to_vec() };
    let value = match object.content {
        Content::Value(value) if !options.no_value => Some(value),
        _ => None,
    };
    Entry { key, value, metadata }
}
