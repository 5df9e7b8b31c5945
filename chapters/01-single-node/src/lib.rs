//! Chapter 01: the objects of one replica, with versions and tombstones, on disk.
//!
//! A [`Store`] keeps objects in an [`engine::Engine`]. Read the files in this
//! order: `key` (how a key is encoded), `version` and `object` (what is kept), `rules` and `reserved`
//! (what other programs may send), `clock` and `write` (how a write is made), `store` and `scan` (what
//! others call), `hold` (when no write is taken) with `left_out` (which numbers are skipped), `heads`
//! (what peers compare), `damage` and `mend` (what cannot be read), `dump` (how to look at it).

mod clock;
mod damage;
mod dump;
mod error;
mod heads;
mod hold;
mod key;
mod left_out;
mod mend;
mod object;
mod reserved;
mod rules;
mod scan;
mod store;
mod version;
mod write;

pub use clock::{Clock, MAX_AHEAD};
pub use dump::Dump;
pub use error::Error;
pub use hold::Hold;
pub use key::{Key, MAX_KEY, MAX_NAMESPACE, RESERVED};
pub use left_out::Joined;
pub use object::{Content, MAX_VALUE, Object};
pub use reserved::Reserved;
pub use rules::{BadObject, MAX_MESSAGE, MAX_NAME, MAX_WRITERS, check_metadata, check_object};
pub use scan::{Page, Scan};
pub use store::{Identity, Store};
pub use version::{ReplicaId, Version, VersionVector};
pub use write::{Layer, Write};
