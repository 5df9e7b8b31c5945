//! What was last seen of each replica, and what follows from it.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::event::{Object, Verdict, What};
use crate::feed::Feed;
use crate::region::Region;
use crate::verdict::{Held, differing};

/// How many keys of a replica are reported.
const TOLD: usize = 200;

/// How many keys a verdict names.
const NAMED: usize = 5;

/// What was seen last of each replica.
#[derive(Debug, Default)]
pub struct Sights(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    replicas: [Sight; 3],
    verdict: Verdict,
}

#[derive(Debug, Default)]
struct Sight {
    held: Held,
    told: BTreeMap<String, Object>,
    /// When the last look that is over began, in milliseconds.
    looked: f64,
    answers: bool,
}

impl Sights {
    /// Forgets all: everything starts over.
    pub fn forget(&self, now: f64) {
        *self.lock() = Seen { verdict: Verdict { since: now, ..Verdict::default() }, ..Seen::default() };
    }

    /// The time since which each replica was looked at, in milliseconds.
    pub fn looked(&self) -> f64 {
        self.lock().replicas.iter().map(|sight| sight.looked).fold(f64::INFINITY, f64::min)
    }

    /// A look that began then is over: the replica holds this, or it did not answer. Tells what is new.
    pub fn saw(&self, feed: &Feed, region: Region, began: f64, held: Option<Held>) {
        let mut seen = self.lock();
        let Seen { replicas, verdict } = &mut *seen;
        let sight = &mut replicas[region as usize];
        sight.answers = held.is_some();
        if let Some(held) = held.filter(|held| *held != sight.held) {
            sight.held = held;
            feed.tell(sight.changes(region));
        }
        let judged = judge(replicas, verdict, feed.now());
        if judged != *verdict {
            *verdict = judged.clone();
            feed.tell(What::Verdict(judged));
        }
        // Last: whoever asks since when finds what was seen in the state.
        replicas[region as usize].looked = began;
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sight {
    /// What changed of that which is told.
    fn changes(&mut self, region: Region) -> What {
        let tell: BTreeMap<_, _> = self.held.iter().take(TOLD).map(|(k, o)| (k.clone(), o.clone())).collect();
        let gone = self.told.keys().filter(|key| !tell.contains_key(*key)).cloned().collect();
        let new = tell.iter().filter(|(key, object)| self.told.get(*key) != Some(*object));
        let set = new.map(|(key, object)| (key.clone(), object.clone())).collect();
        self.told = tell;
        What::Objects { replica: region.id(), set, gone, total: self.held.len() }
    }
}

fn judge(replicas: &[Sight; 3], before: &Verdict, now: f64) -> Verdict {
    let keys = differing(&replicas.each_ref().map(|sight| &sight.held));
    let silent = Region::ALL.into_iter().zip(replicas).filter(|(_, sight)| !sight.answers);
    Verdict {
        differ: keys.len(),
        since: if keys.is_empty() == (before.differ == 0) { before.since } else { now },
        keys: keys.into_iter().take(NAMED).map(str::to_owned).collect(),
        unknown: silent.map(|(region, _)| region.id()).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;

    fn held(keys: &[&str]) -> Option<Held> {
        let object = Object { value: Some("red".to_owned()), counter: 1, writer: 1, deleted: false };
        Some(keys.iter().map(|key| ((*key).to_owned(), object.clone())).collect())
    }

    fn told(feed: &Feed) -> Vec<What> {
        let history = feed.history();
        let events = history.events.iter().map(|told| &told.event);
        events.map(|Event { what, .. }| what.clone()).collect()
    }

    #[tokio::test]
    async fn only_what_is_new_is_told() {
        let (feed, sights) = (Feed::new(None), Sights::default());
        sights.saw(&feed, Region::Us, 1.0, held(&["apple", "pear"]));
        sights.saw(&feed, Region::Us, 2.0, held(&["apple", "pear"]));
        sights.saw(&feed, Region::Us, 3.0, held(&["apple", "plum"]));
        let objects: Vec<_> = told(&feed).into_iter().filter(|w| matches!(w, What::Objects { .. })).collect();
        let What::Objects { set, gone, total, .. } = &objects[1] else { panic!("objects") };
        assert_eq!(
            (objects.len(), set.keys().map(String::as_str).collect::<Vec<_>>(), gone.join(" ")),
            (2, vec!["plum"], "pear".to_owned())
        );
        assert_eq!((*total, sights.looked()), (2, 0.0));
    }

    #[tokio::test]
    async fn the_verdict_names_keys_and_who_is_silent() {
        let (feed, sights) = (Feed::new(None), Sights::default());
        sights.saw(&feed, Region::Us, 1.0, held(&["apple"]));
        sights.saw(&feed, Region::De, 1.0, held(&["apple"]));
        sights.saw(&feed, Region::Sg, 1.0, None);
        let verdict = feed.state().verdict;
        assert_eq!((verdict.differ, verdict.keys, verdict.unknown), (1, vec!["apple".to_owned()], vec![3]));
        sights.saw(&feed, Region::Sg, 2.0, held(&["apple"]));
        let verdict = feed.state().verdict;
        assert_eq!((verdict.differ, verdict.unknown), (0, vec![]));
        assert_eq!(sights.looked(), 1.0);
    }

    #[tokio::test]
    async fn of_many_keys_the_first_are_told() {
        let (feed, sights) = (Feed::new(None), Sights::default());
        let keys: Vec<String> = (0..TOLD + 5).map(|number| format!("{number:04}")).collect();
        sights.saw(&feed, Region::Us, 1.0, held(&keys.iter().map(String::as_str).collect::<Vec<_>>()));
        let us = feed.state().replicas[0].clone();
        assert_eq!((us.objects.len(), us.total), (TOLD, TOLD + 5));
    }
}
