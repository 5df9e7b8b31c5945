//! Reading ahead in tables that are read from the beginning to the end, as compactions do.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::sums::PAGE;

/// Bytes that are read at once.
pub const PIECE: usize = 16 * PAGE;

/// Pieces that are kept: a compaction reads a few tables at once, each from the beginning to the end.
const KEPT: usize = 16;

/// What was read last, and checked. All tables of a database share it, however many there are.
///
/// LevelDB reads a table block by block, and blocks end where rows end, within a page: read by itself, each costs a
/// call to the system, and the page that it shares with its neighbour is read and checked for both.
#[derive(Clone, Default)]
pub struct Ahead(Rc<RefCell<VecDeque<Piece>>>);

struct Piece {
    table: u64,
    /// Where in the table it begins.
    from: usize,
    bytes: Vec<u8>,
}

impl Ahead {
    /// Fills `into` with what stands at `from` in a table, if a piece holds all of it.
    pub fn copy(&self, table: u64, from: usize, into: &mut [u8]) -> bool {
        let pieces = self.0.borrow();
        let Some(piece) = pieces.iter().find(|piece| piece.table == table) else { return false };
        let held = from.checked_sub(piece.from).and_then(|at| piece.bytes.get(at..at + into.len()));
        held.map(|held| into.copy_from_slice(held)).is_some()
    }

    /// Room for the next piece: that of the one before it in this table, or of the oldest.
    pub fn room(&self, table: u64) -> Vec<u8> {
        let mut pieces = self.0.borrow_mut();
        let before = pieces.iter().position(|piece| piece.table == table);
        let before = before.or_else(|| (pieces.len() >= KEPT).then_some(0));
        before.and_then(|at| pieces.remove(at)).map(|piece| piece.bytes).unwrap_or_default()
    }

    /// Keeps what stands at `from` in a table, in place of what was kept of that table before.
    pub fn keep(&self, table: u64, from: usize, bytes: Vec<u8>) {
        self.0.borrow_mut().push_back(Piece { table, from, bytes });
    }
}
