//! When a replica issues no versions: not yet, or never again.
//!
//! A version is a promise that no other write has it, and that nothing later was issued before. A
//! replica that has not heard from its fleet yet cannot promise the second, and one whose directory
//! is an older copy cannot promise the first. Until then, or from then on, it takes no writes from
//! clients. It still serves reads, and stores what other replicas wrote.

use std::sync::{Mutex, MutexGuard, PoisonError};

use engine::Transaction;

use crate::key::STORE;
use crate::left_out::{self, Joined};
use crate::store::number;
use crate::{Error, Key, MAX_AHEAD, Object, ReplicaId, Store, Write};

/// The record of what showed that this replica went back in time.
pub(crate) const WENT_BACK: &[u8] = &[STORE, b'w', b'e', b'n', b't', b'-', b'b', b'a', b'c', b'k'];

/// The record of the counters that this replica never used.
pub(crate) const NEVER: &[u8] = &[STORE, b'n', b'e', b'v', b'e', b'r'];

/// The record of the clock when all others were last heard.
pub(crate) const HEARD: &[u8] = &[STORE, b'h', b'e', b'a', b'r', b'd'];

/// How many of the latest ranges are remembered: about as many starts.
const RANGES: usize = 64;

/// Why a replica takes no writes from its clients.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Hold {
    /// It has not heard from its fleet yet.
    #[error("this replica takes no writes yet: {0}. Ask another replica, or try again in a while")]
    Joining(String),
    /// There are writes of it that this directory does not hold. It stays so for good.
    #[error(
        "this replica went back in time, and takes no writes any more: {0}. Its directory is an older copy, or one \
         of two copies. Save what only this replica has (scan it here, put it elsewhere), remove the replica from \
         the fleet (remove-peer), and start it with an empty directory, a new id and the addresses of others \
         (--seeds)"
    )]
    WentBack(String),
}

/// The hold of a store, and which counters cannot be this replica's.
pub(crate) struct Holds(Mutex<State>);

struct State {
    hold: Option<Hold>,
    /// No write of this replica has a counter after the first of a pair, up to the second.
    never: Vec<(u64, u64)>,
    /// The clock when it began to join: it has issued nothing since, while it is joining.
    began: u64,
}

impl Holds {
    /// For a store that never used the counters in `never`, and that went back in time before if
    /// `found` says so.
    pub(crate) fn new(never: Vec<(u64, u64)>, found: Option<String>) -> Self {
        Self(Mutex::new(State { hold: found.map(Hold::WentBack), never, began: 0 }))
    }

    /// # Errors
    /// If no version may be issued.
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.lock().hold.clone().map_or(Ok(()), |hold| Err(Error::Held(hold)))
    }

    /// Whether a write of this replica can have `counter`, with the clock at `clock`. A counter
    /// that is too far ahead to be true proves nothing.
    fn may_be_mine(&self, counter: u64, clock: u64) -> bool {
        let state = self.lock();
        state.may_be_past(counter, clock)
            && !state.never.iter().any(|(from, to)| (from + 1..=*to).contains(&counter))
    }

    /// Whether it can have told others that they have all of its writes up to `counter`. It reports
    /// its clock, so that may have been the end of a range, where no write of its own is.
    fn may_have_told(&self, counter: u64, clock: u64) -> bool {
        let state = self.lock();
        state.may_be_past(counter, clock)
            && !state.never.iter().any(|(from, to)| (from + 1..*to).contains(&counter))
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Nothing panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether the clock, now at `clock`, has passed `counter`, or never could have.
    fn may_be_past(&self, counter: u64, clock: u64) -> bool {
        let joining = matches!(self.hold, Some(Hold::Joining(_)));
        let latest = if joining { self.began } else { clock };
        counter <= latest || counter - latest > MAX_AHEAD
    }
}

impl Store {
    /// Why no client writes are taken; None if they are.
    pub fn hold(&self) -> Option<Hold> {
        self.shared.holds.lock().hold.clone()
    }

    /// Takes no client writes until [`Store::joined`]; `waits_for` says what for.
    ///
    /// # Errors
    /// If the engine failed.
    pub async fn joins(&self, waits_for: impl Into<String>) -> Result<(), Error> {
        let hold = Hold::Joining(waits_for.into());
        // A write, so that none comes between reading the clock and the end of issuing versions.
        let join = self.write(move |write| {
            let clock = write.clock();
            let mut state = write.holds().lock();
            if state.hold.is_none() {
                state.began = clock;
            }
            if !matches!(state.hold, Some(Hold::WentBack(_))) {
                state.hold = Some(hold);
            }
            Ok(())
        });
        join.await
    }

    /// Takes client writes from now on, unless this replica went back in time. If it has not heard
    /// all others, numbers are skipped before the next version: those that it may have used and
    /// forgotten.
    ///
    /// # Errors
    /// If a record cannot be read or written.
    pub async fn joined(&self, joined: Joined) -> Result<(), Error> {
        let join = self.write(move |write| {
            let State { hold: Some(Hold::Joining(_)), began, .. } = *write.holds().lock() else {
                return Ok(());
            };
            match joined {
                Joined::New => {}
                Joined::HeardAll => {
                    let clock = write.clock();
                    write.transaction().put(HEARD, clock.to_be_bytes());
                }
                Joined::HeardSome { draw } => {
                    let heard = number(HEARD, write.transaction().get(HEARD)?)?.unwrap_or_default();
                    write.skip(left_out::span(heard, write.clock(), draw))?;
                }
            }
            // Numbers observed while it was joining are not its own either.
            let mut never = ranges(write.transaction().get(NEVER)?)?;
            if write.clock() > began {
                never.push((began, write.clock()));
                never.drain(..never.len().saturating_sub(RANGES));
                write.transaction().put(NEVER, encode(&never));
            }
            let mut state = write.holds().lock();
            (state.hold, state.never) = (None, never);
            Ok(())
        });
        join.await
    }

    /// `by` says that it knows this replica's writes up to `counter`. If this replica made none so
    /// late, it went back in time.
    ///
    /// What others know of this replica was on its disk before they heard of it. So the clock is
    /// read now, after they said it, and never before.
    ///
    /// # Errors
    /// If the clock cannot be read, or the record not be written.
    pub async fn others_know(&self, by: ReplicaId, counter: u64) -> Result<(), Error> {
        let clock = self.clock().await?;
        if counter == 0 || self.shared.holds.may_have_told(counter, clock) {
            return Ok(());
        }
        let found = format!(
            "replica {by} knows writes of it up to {counter}, and it never gave that number: its clock stands at {clock}"
        );
        self.write(move |write| write.went_back(found)).await
    }

    /// This replica went back in time, as `found` says. It takes no writes from now on, nor after a restart.
    ///
    /// # Errors
    /// If the record cannot be written.
    pub async fn went_back(&self, found: String) -> Result<(), Error> {
        self.write(move |write| write.went_back(found)).await
    }
}

impl Write<'_, '_> {
    /// Why no versions are issued; None if they are.
    pub fn hold(&self) -> Option<Hold> {
        self.holds().lock().hold.clone()
    }

    /// The same as [`Store::went_back`], in this transaction.
    ///
    /// # Errors
    /// If the record cannot be read.
    pub fn went_back(&mut self, found: String) -> Result<(), Error> {
        let record = found.clone().into_bytes();
        let txn: &mut Transaction<'_> = self.transaction();
        // The first finding stays: the rest follows from it.
        if txn.get(WENT_BACK)?.is_none() {
            txn.put(WENT_BACK, record);
        }
        let mut state = self.holds().lock();
        if !matches!(state.hold, Some(Hold::WentBack(_))) {
            state.hold = Some(Hold::WentBack(found));
        }
        Ok(())
    }

    /// Checks whether `theirs`, which another replica holds under `key`, is a write of this replica
    /// that it never made: then it went back in time.
    ///
    /// # Errors
    /// If a record cannot be read.
    pub fn check_own(&mut self, key: &Key, theirs: &Object) -> Result<(), Error> {
        let (me, version) = (self.identity().replica, theirs.version);
        // Others know nothing yet of what this write issues, and what it observed is not a write of
        // this replica.
        let clock = self.began();
        let mine = theirs.vector.iter().chain([version]).filter(|known| known.replica == me);
        if let Some(counter) = mine.map(|known| known.counter).find(|counter| !self.may_be_mine(*counter)) {
            return self.went_back(format!(
                "{key} with version {version} contains its write {counter}@{me}, and it never gave that number: its clock \
                 stands at {clock}"
            ));
        }
        // A replica holds what it wrote, or something later under the same key.
        let given = version.replica == me && version.counter <= clock;
        let Some(ours) = self.current(key)?.filter(|_| given) else { return Ok(()) };
        if version > ours.version {
            return self.went_back(format!(
                "there is a write {version} of {key}, and it holds nothing later of it than {}",
                ours.version
            ));
        }
        if version == ours.version && *theirs != ours {
            return self.went_back(format!("there are two writes with the version {version} of {key}"));
        }
        Ok(())
    }

    fn may_be_mine(&self, counter: u64) -> bool {
        self.holds().may_be_mine(counter, self.began())
    }
}

/// What the record says. Its presence is what counts: it stays true even if its text is damaged.
pub(crate) fn found(record: Option<Vec<u8>>) -> Option<String> {
    record.map(|text| String::from_utf8_lossy(&text).into_owned())
}

/// The ranges in the record, each without its ends.
pub(crate) fn ranges(record: Option<Vec<u8>>) -> Result<Vec<(u64, u64)>, Error> {
    let record = record.unwrap_or_default();
    let (numbers, rest) = record.as_chunks::<8>();
    let numbers: Vec<_> = numbers.iter().map(|bytes| u64::from_be_bytes(*bytes)).collect();
    let (pairs, odd) = numbers.as_chunks::<2>();
    if !rest.is_empty() || !odd.is_empty() {
        return Err(Error::damaged(NEVER, "it holds no pairs of numbers"));
    }
    Ok(pairs.iter().map(|[from, to]| (*from, *to)).collect())
}

fn encode(ranges: &[(u64, u64)]) -> Vec<u8> {
    ranges.iter().flat_map(|(from, to)| [from.to_be_bytes(), to.to_be_bytes()]).flatten().collect()
}
