//! Running schedules on all cores, as long as the budget lasts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
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
    /// What came of those that were run before it was their turn, while one before them broke the promise.
    ahead: HashMap<String, bool>,
    runs: usize,
    spent: bool,
}

impl<F: Fn(&Schedule) -> bool + Sync> Trials<F> {
    pub(super) fn new(budget: Budget, breaks: F) -> Self {
        let (kept, ahead) = (HashSet::new(), HashMap::new());
        Self { breaks, budget, began: Instant::now(), kept, ahead, runs: 0, spent: false }
    }

    /// The place of the first of these schedules that breaks the promise when it is run; in their order, whichever
    /// core is done first, and counted as if one were run after the other. None does any more once the budget is
    /// spent.
    pub(super) fn first(&mut self, schedules: &[Schedule]) -> Option<usize> {
        let texts: Vec<String> = schedules.iter().map(|schedule| format!("{schedule:?}")).collect();
        let mut met = HashSet::new();
        let mut is_new = |place: &usize| met.insert(&texts[*place]) && !self.kept.contains(&texts[*place]);
        let mut turns: Vec<usize> = (0..texts.len()).filter(|place| is_new(place)).collect();
        // The very first is run whatever the budget.
        let room = self.budget.runs.saturating_sub(self.runs).max(usize::from(self.runs == 0));
        let all = turns.len();
        turns.truncate(room);

        let mut outcomes = self.run(schedules, &texts, &turns);
        let first = outcomes.iter().find(|(_, breaks)| **breaks).map(|(turn, _)| *turn);
        let ahead = first.map(|first| outcomes.split_off(&(first + 1))).unwrap_or_default();
        self.runs += outcomes.len();
        self.spent |= first.is_none() && outcomes.len() < all;
        for turn in outcomes.into_keys().filter(|turn| Some(*turn) != first) {
            self.kept.insert(texts[turns[turn]].clone());
        }
        self.ahead.extend(ahead.into_iter().map(|(turn, breaks)| (texts[turns[turn]].clone(), breaks)));
        first.map(|first| turns[first])
    }

    /// Runs the schedules at these places until one breaks the promise, and those after it that have begun by then;
    /// what came of each, by its turn.
    fn run(&self, schedules: &[Schedule], texts: &[String], turns: &[usize]) -> BTreeMap<usize, bool> {
        let (next, outcomes) = (AtomicUsize::new(0), Mutex::new(BTreeMap::new()));
        let over = AtomicBool::new(false);
        let is_late = || self.runs > 0 && self.began.elapsed() >= self.budget.time;
        thread::scope(|scope| {
            for _ in 0..self.budget.cores.clamp(1, turns.len().max(1)) {
                scope.spawn(|| {
                    while !over.load(Ordering::Relaxed) && !is_late() {
                        let turn = next.fetch_add(1, Ordering::Relaxed);
                        let Some(place) = turns.get(turn) else { break };
                        let known = self.ahead.get(&texts[*place]).copied();
                        let breaks = known.unwrap_or_else(|| (self.breaks)(&schedules[*place]));
                        over.fetch_or(breaks, Ordering::Relaxed);
                        outcomes.lock().unwrap_or_else(PoisonError::into_inner).insert(turn, breaks);
                    }
                });
            }
        });
        outcomes.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn runs(&self) -> usize {
        self.runs
    }

    /// Whether a schedule was not run because the budget was spent.
    pub(super) fn is_spent(&self) -> bool {
        self.spent
    }
}
