//! What one connection may cost that asks for nothing.
//!
//! HTTP/2 has frames that cost their sender nothing and that no library counts: pings, settings, window updates,
//! empty data, unknown kinds. Each makes work here. So bytes that are read have to be worth something: a request
//! that begins, or bytes of an answer that leave, pay for some; time pays for a few, so that a connection may
//! live on its pings alone.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::time::Instant;

/// What may be read beyond what was paid for: a client may fill the windows of its requests, of a mebibyte each
/// connection, before any of them is looked at.
const CREDIT: u64 = 4 << 20;

/// What a request that begins pays for: its headers, at their largest, and what belongs to them.
const REQUEST: u64 = 64 << 10;

/// What a piece of a message pays for besides itself: the updates of two windows, and a ping.
const PIECE: u64 = 256;

/// What a second pays for: pings are 17 bytes.
const SECOND: u64 = 1 << 10;

/// What the requests of a connection have paid, until it is taken.
#[derive(Debug, Default)]
pub(crate) struct Paid(AtomicU64);

impl Paid {
    pub(crate) fn request(&self) {
        self.0.fetch_add(REQUEST, Relaxed);
    }

    /// A piece of a message was read by a handler, or written for a client.
    pub(crate) fn piece(&self, bytes: usize) {
        self.0.fetch_add(PIECE + bytes as u64, Relaxed);
    }

    fn take(&self) -> u64 {
        self.0.swap(0, Relaxed)
    }
}

/// How much more may be read.
#[derive(Debug)]
pub(crate) struct Account {
    left: u64,
    since: Instant,
}

impl Default for Account {
    fn default() -> Self {
        Self { left: CREDIT, since: Instant::now() }
    }
}

impl Account {
    /// Notes that so many bytes were read.
    ///
    /// # Errors
    /// If they were not paid for.
    pub(crate) fn read(&mut self, bytes: usize, paid: &Paid) -> io::Result<()> {
        let bytes = bytes as u64;
        if self.left < bytes + CREDIT / 2 {
            let seconds = self.since.elapsed().as_secs();
            if seconds > 0 {
                self.since = Instant::now();
            }
            self.left = (self.left + paid.take() + seconds.saturating_mul(SECOND)).min(CREDIT);
        }
        self.left = self.left.checked_sub(bytes).ok_or_else(|| {
            io::Error::other("the client sends frames that belong to no request; it looks like a flood")
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_asks_for_nothing_has_some_credit_and_no_more() {
        let (mut account, paid) = (Account::default(), Paid::default());
        let read = (0..).take_while(|_| account.read(8500, &paid).is_ok()).count() as u64;
        assert_eq!(read, CREDIT / 8500);
        paid.request();
        assert!(account.read(16 << 10, &paid).is_ok(), "a request pays for its headers");
    }

    #[tokio::test(start_paused = true)]
    async fn ten_thousand_calls_a_second_are_no_flood() {
        let (mut account, paid) = (Account::default(), Paid::default());
        for _ in 0..60 {
            tokio::time::advance(Duration::from_secs(1)).await;
            for _ in 0..10_000 {
                paid.request();
                // Headers, a message, an update of both windows, a ping: more than a client sends for a call.
                assert!(account.read(100 + 200 + 2 * 13 + 17, &paid).is_ok());
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_pays_for_the_updates_of_its_windows() {
        let (mut account, paid) = (Account::default(), Paid::default());
        for _ in 0..1000 {
            paid.piece(32 << 10);
            // A client with windows of 64 bytes says that it has room whenever half of one is read.
            for _ in 0..1024 {
                assert!(account.read(2 * 13, &paid).is_ok());
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn pings_alone_may_go_on_for_ever() {
        let (mut account, paid) = (Account::default(), Paid::default());
        for _ in 0..1_000_000 {
            tokio::time::advance(Duration::from_secs(1)).await;
            assert!(account.read(34, &paid).is_ok());
        }
    }
}
