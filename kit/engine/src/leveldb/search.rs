//! Whether a `get` that found nothing is to be believed.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::rc::Rc;

/// What the search for one key met in the tables, as the filter and the order of keys see it.
///
/// rusty-leveldb's `get` takes the first entry at or after a key in each table that the filter lets through. When that
/// is the tombstone of another key, it says that there is nothing, though an older table may hold the key. Such a
/// table does not hold the key itself, so the search is made again without it.
///
/// An iterator would find the key too. But behind a deleted key it walks on to the next row that is there, over as
/// many tombstones as stand between: to write again, in any order, what was deleted would take time in the square.
#[derive(Clone, Default)]
pub struct Search(Rc<State>);

#[derive(Default)]
struct State {
    /// How many tables the filter was asked about.
    asked: Cell<usize>,
    /// Which of them it let through last.
    let_through: Cell<Option<usize>>,
    /// Whether the key itself was met there.
    met: Cell<bool>,
    /// The tables that are passed over.
    without: RefCell<Vec<usize>>,
}

impl Search {
    /// A search for another key begins.
    pub fn begin(&self) {
        self.0.without.borrow_mut().clear();
        self.again();
    }

    fn again(&self) {
        self.0.asked.set(0);
        self.0.let_through.set(None);
        self.0.met.set(false);
    }

    /// Whether the next table is searched, of which the filter says that it may hold the key.
    ///
    /// The tables, and their order, are the same each time: nothing is written between.
    pub fn lets_through(&self, may_hold: bool) -> bool {
        let State { asked, let_through, met, without } = &*self.0;
        let table = asked.replace(asked.get() + 1);
        let lets_through = may_hold && !without.borrow().contains(&table);
        met.set(false);
        if lets_through {
            let_through.set(Some(table));
        }
        lets_through
    }

    /// Two keys were compared. Within a table that was let through, one of them is the key that is searched.
    pub fn compared(&self, ordering: Ordering) {
        if ordering.is_eq() {
            self.0.met.set(true);
        }
    }

    /// Nothing was found. Whether that is so; if not, the next search passes over the table that misled this one.
    pub fn is_over(&self) -> bool {
        match self.0.let_through.get() {
            Some(table) if !self.0.met.get() => {
                self.0.without.borrow_mut().push(table);
                self.again();
                false
            }
            // No table was searched, or the last of them holds the tombstone of this very key.
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_without_the_key_is_passed_over_and_its_tombstone_believed() {
        let search = Search::default();
        search.begin();
        // A newer table misleads, an older one holds the tombstone of the key.
        assert!(search.lets_through(true));
        search.compared(Ordering::Greater);
        assert!(!search.is_over());
        assert!(!search.lets_through(true));
        assert!(!search.lets_through(false));
        assert!(search.lets_through(true));
        search.compared(Ordering::Equal);
        assert!(search.is_over());

        // What was met before a table is asked about says nothing of what is in it.
        search.begin();
        search.compared(Ordering::Equal);
        assert!(search.lets_through(true));
        assert!(!search.is_over());
        search.compared(Ordering::Equal);
        assert!(!search.lets_through(true));
        assert!(search.is_over());
    }
}
