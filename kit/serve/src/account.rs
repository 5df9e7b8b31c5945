//! What requests and answers hold in memory: an account for each connection, within a bound for the process.

use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio_util::sync::CancellationToken;
use tonic::Status;

use crate::seldom::Seldom;

/// What one connection may hold.
pub(crate) const CONNECTION: usize = 64 << 20;

/// What all connections may hold together.
pub(crate) const PROCESS: usize = 256 << 20;

/// How much a connection may hold even when the process is at its limit: members ping each other.
pub(crate) const SMALL: usize = 4 * REQUEST;

/// What a request takes besides its bytes: its task, its headers, a channel. An open session of which nothing is
/// said took 17 KiB when it was measured.
pub(crate) const REQUEST: usize = 16 << 10;

/// Why memory was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Exhausted {
    #[error(
        "this connection has {} MiB of answers that were not read and requests that did not end, and gets no more; \
         read what comes, and have fewer requests under way at a time",
        CONNECTION >> 20
    )]
    Connection,
    #[error(
        "the clients of this replica have {} MiB of answers that were not read and requests that did not end, and \
         get no more; try again in a moment, or ask another replica",
        PROCESS >> 20
    )]
    Process,
}

impl From<Exhausted> for Status {
    fn from(error: Exhausted) -> Self {
        Self::resource_exhausted(error.to_string())
    }
}

/// The accounts of the connections of one listener. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accounts(Arc<All>);

#[derive(Debug, Default)]
struct All {
    held: AtomicUsize,
    given_back: Notify,
    /// Those of connections, and of closed connections that have not freed their memory yet.
    accounts: Mutex<Vec<Account>>,
    cuts: Seldom,
}

/// The account of a connection. Clones are the same account.
#[derive(Clone)]
pub(crate) struct Account(Arc<One>);

struct One {
    all: Accounts,
    held: AtomicUsize,
    /// The connection is over, or has to be.
    over: CancellationToken,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("held", &self.held()).finish_non_exhaustive()
    }
}

impl Accounts {
    /// The account of a new connection, which is over when `over` says so.
    pub(crate) fn open(&self, over: CancellationToken) -> Account {
        let account = Account(Arc::new(One { all: self.clone(), held: AtomicUsize::new(0), over }));
        self.lock().push(account.clone());
        account
    }

    /// Bytes of requests and answers on all connections.
    pub(crate) fn held(&self) -> usize {
        self.0.held.load(Relaxed)
    }

    /// Whether there is memory for `bytes` of `asking` when the process is at its limit. The
    /// connection that holds the most is closed for it, unless it is the one that asks.
    fn make_room(&self, asking: &Account, bytes: usize) -> bool {
        let accounts = self.lock();
        let (over, open): (Vec<_>, Vec<_>) = accounts.iter().partition(|account| account.is_over());
        let on_its_way_back: usize = over.into_iter().map(Account::held).sum();
        if (self.held() + bytes).saturating_sub(on_its_way_back) <= PROCESS {
            return true;
        }
        match open.into_iter().max_by_key(|account| account.held()) {
            Some(most) if most.held() > asking.held() => {
                if let Some(kept_back) = self.0.cuts.turn() {
                    let bytes = most.held();
                    tracing::warn!(
                        bytes,
                        kept_back,
                        "a connection is cut: it holds more memory than any other"
                    );
                }
                most.0.over.cancel();
                true
            }
            _ => false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Account>> {
        self.0.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Account {
    /// Counts `bytes` of a request or an answer.
    pub(crate) fn hold(&self, bytes: usize) -> Result<(), Exhausted> {
        let within = |limit| move |held: usize| held.checked_add(bytes).filter(|held| *held <= limit);
        let One { all, held, .. } = &*self.0;
        let before =
            held.fetch_update(Relaxed, Relaxed, within(CONNECTION)).map_err(|_| Exhausted::Connection)?;
        if all.0.held.fetch_update(Relaxed, Relaxed, within(PROCESS)).is_err() {
            // What comes here is small as a rule: a large message comes in frames.
            if before + bytes > SMALL && !all.make_room(self, bytes) {
                held.fetch_sub(bytes, Relaxed);
                return Err(Exhausted::Process);
            }
            all.0.held.fetch_add(bytes, Relaxed);
        }
        Ok(())
    }

    /// Counts `bytes` no more.
    pub(crate) fn give_back(&self, bytes: usize) {
        let One { all, held, .. } = &*self.0;
        held.fetch_sub(bytes, Relaxed);
        all.0.held.fetch_sub(bytes, Relaxed);
        all.0.given_back.notify_waiters();
    }

    /// Ends when bytes are given back, by whomever.
    pub(crate) fn given_back(&self) -> Notified<'_> {
        self.0.all.0.given_back.notified()
    }

    /// The connection is over. What it holds comes back a little later.
    pub(crate) fn close(&self) {
        self.0.over.cancel();
        self.0.all.lock().retain(|account| !account.is_over() || account.held() > 0);
    }

    fn held(&self) -> usize {
        self.0.held.load(Relaxed)
    }

    fn is_over(&self) -> bool {
        self.0.over.is_cancelled()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn accounts(count: usize) -> (Accounts, Vec<Account>) {
        let all = Accounts::default();
        let each = (0..count).map(|_| all.open(CancellationToken::new())).collect();
        (all, each)
    }

    #[test]
    fn what_comes_in_small_pieces_counts_for_the_process_too() {
        let (_all, accounts) = accounts(10);
        for account in &accounts {
            // As requests come: frame by frame. Each of these connections stays within its own limit.
            for _ in 0..(CONNECTION - SMALL) / SMALL {
                let _ = account.hold(SMALL);
            }
        }
        let held: usize = accounts.iter().filter(|account| !account.is_over()).map(Account::held).sum();
        assert!(held <= PROCESS, "{} MiB are held by those that were not cut", held >> 20);
    }

    #[test]
    fn who_holds_the_most_makes_room_for_the_others() {
        let (_all, mut accounts) = accounts(5);
        for account in &accounts[..4] {
            account.hold(CONNECTION - 1000).unwrap();
        }
        accounts[0].hold(1000).unwrap();
        assert!(accounts[4].hold(1 << 20).is_ok());
        assert!(accounts[0].is_over(), "the one that holds the most is cut");
        // It is gone, and its memory comes back a little later: nobody else is cut in the meantime.
        accounts.remove(0).close();
        assert!(accounts[3].hold(1 << 20).is_ok());
        assert!(accounts.iter().all(|account| !account.is_over()), "and no other");
    }

    #[test]
    fn an_account_is_forgotten_when_all_of_it_came_back() {
        let (all, accounts) = accounts(3);
        accounts[0].hold(1000).unwrap();
        accounts[0].close();
        assert_eq!(all.lock().len(), 3, "1000 bytes are to come back");
        accounts[0].give_back(1000);
        accounts[1].close();
        assert_eq!((all.lock().len(), all.held()), (1, 0));
    }
}
