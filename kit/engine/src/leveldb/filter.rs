//! A Bloom filter that tells when a `get` may have been wrong.

use std::cell::Cell;
use std::rc::Rc;

use rusty_leveldb::{BloomPolicy, FilterPolicy};

/// Bits of filter for each key: about one table in a hundred is searched for a key that it does not hold.
const BITS_PER_KEY: u32 = 10;

/// LevelDB's own filter, watched.
///
/// rusty-leveldb's `get` takes the first entry at or after a key in each table that the filter lets through. When that
/// is the tombstone of another key, it says that there is nothing, though an older table may hold the key. So its no is
/// to be trusted only when the filter let no table through. Its yes is right: it compares the keys.
#[derive(Clone)]
pub struct Watched {
    bloom: BloomPolicy,
    let_through: Rc<Cell<bool>>,
}

impl Watched {
    pub fn new() -> Self {
        Self { bloom: BloomPolicy::new(BITS_PER_KEY), let_through: Rc::default() }
    }

    /// Whether a table was let through since the last call.
    pub fn take(&self) -> bool {
        self.let_through.take()
    }
}

impl FilterPolicy for Watched {
    fn name(&self) -> &'static str {
        self.bloom.name()
    }

    fn create_filter(&self, keys: &[u8], key_offsets: &[usize]) -> Vec<u8> {
        self.bloom.create_filter(keys, key_offsets)
    }

    fn key_may_match(&self, key: &[u8], filter: &[u8]) -> bool {
        let may_match = self.bloom.key_may_match(key, filter);
        self.let_through.set(self.let_through.get() || may_match);
        may_match
    }
}
