//! A Bloom filter that tells which tables a `get` searches.

use rusty_leveldb::{BloomPolicy, FilterPolicy};

use super::search::Search;

/// Bits of filter for each key: about one table in a hundred is searched for a key that it does not hold.
const BITS_PER_KEY: u32 = 10;

/// LevelDB's own filter, watched by a [`Search`].
pub struct Watched {
    bloom: BloomPolicy,
    search: Search,
}

impl Watched {
    pub fn new(search: Search) -> Self {
        Self { bloom: BloomPolicy::new(BITS_PER_KEY), search }
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
        self.search.lets_through(self.bloom.key_may_match(key, filter))
    }
}
