//! Running schedules, as long as the budget lasts.

use std::collections::HashSet;
use std::time::Instant;

use super::Budget;
use crate::schedule::Schedule;

/// Runs schedules, none twice.
pub(super) struct Trials<F> {
    breaks: F,
    budget: Budget,
    began: Instant,
    /// Those that did not break the promise. One that did is never tried again: the next are shorter.
    kept: HashSet<String>,
    runs: usize,
    spent: bool,
}

impl<F: FnMut(&Schedule) -> bool> Trials<F> {
    pub(super) fn new(budget: Budget, breaks: F) -> Self {
        let (began, kept) = (Instant::now(), HashSet::new());
        Self { breaks, budget, began, kept, runs: 0, spent: false }
    }

    /// Whether the schedule was run and broke the promise. Nothing does any more once the budget is spent.
    pub(super) fn breaks(&mut self, schedule: &Schedule) -> bool {
        let text = format!("{schedule:?}");
        if self.kept.contains(&text) {
            return false;
        }
        // The first is run whatever the budget.
        let is_spent = self.runs >= self.budget.runs || self.began.elapsed() >= self.budget.time;
        if is_spent && self.runs > 0 {
            self.spent = true;
            return false;
        }
        self.runs += 1;
        let breaks = (self.breaks)(schedule);
        if !breaks {
            self.kept.insert(text);
        }
        breaks
    }

    pub(super) fn runs(&self) -> usize {
        self.runs
    }

    /// Whether a schedule was not run because the budget was spent.
    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }
}
