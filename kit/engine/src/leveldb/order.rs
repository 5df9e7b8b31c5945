//! The order of keys, and what stands between two blocks of a table.

use std::cmp::Ordering;

use rusty_leveldb::{Cmp, DefaultCmp};

use super::search::Search;

/// LevelDB's own order, by bytes, watched by a [`Search`].
///
/// The index of a table names for each block a key that is not less than the last in it and less than the first in the
/// next. rusty-leveldb makes that key short; after `k` it takes `k\0`, even if that is the first key of the next block,
/// which `get` then seeks in the wrong one. The last key itself is always right.
pub struct Bytewise(pub Search);

impl Cmp for Bytewise {
    fn cmp(&self, one: &[u8], other: &[u8]) -> Ordering {
        let ordering = one.cmp(other);
        self.0.compared(ordering);
        ordering
    }

    fn find_shortest_sep(&self, last: &[u8], _next: &[u8]) -> Vec<u8> {
        last.to_vec()
    }

    fn find_short_succ(&self, last: &[u8]) -> Vec<u8> {
        DefaultCmp.find_short_succ(last)
    }

    fn id(&self) -> &'static str {
        DefaultCmp.id()
    }
}
