//! The name of a data directory: 16 random bytes, drawn once.
//!
//! A replica id says who a process claims to be. The name of the directory says whose data it has:
//! two processes with one id and two directories are two replicas, and one of them is wrong.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use store::{Error, Store};

/// The record of the name. `p` is the letter of this layer.
const RECORD: &[u8] = b"pdirectory";

/// The name of the directory of `store`; drawn if it has none yet.
///
/// # Errors
/// If the engine failed.
pub async fn name(store: &Store) -> Result<Vec<u8>, Error> {
    let drawn = draw();
    store
        .engine()
        .update(move |txn| match txn.get(RECORD)? {
            Some(name) if name.len() != drawn.len() => Err(Error::damaged(RECORD, "a name has 16 bytes")),
            Some(name) => Ok(name),
            None => {
                txn.put(RECORD, drawn);
                Ok(drawn.to_vec())
            }
        })
        .await
}

/// The name in hexadecimal digits, as messages show it; its first eight tell directories apart.
pub fn show(name: &[u8]) -> String {
    name.iter().take(4).map(|byte| format!("{byte:02x}")).collect()
}

/// A unique name.
///
/// The standard library seeds its hash maps from the operating system: the one source of real randomness
/// that needs no crate.
pub fn draw() -> [u8; 16] {
    let half = || RandomState::new().build_hasher().finish().to_be_bytes();
    let mut name = [0; 16];
    let (first, second) = name.split_at_mut(8);
    first.copy_from_slice(&half());
    second.copy_from_slice(&half());
    name
}
