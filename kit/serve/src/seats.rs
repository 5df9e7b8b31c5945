//! So many connections of a listener at a time, and who leaves when another one comes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body::Frame;
use tokio::sync::futures::Notified;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

use crate::body;
use crate::floods::Paid;
use crate::memory::{CONNECTION, Exhausted, PROCESS, SMALL};

/// A connection on which nothing was asked for so long is closed. Replicas ping each other far more
/// often; a client makes its connection anew when it needs one.
const IDLE: Duration = Duration::from_secs(300);

/// How long a newcomer waits for the one who makes room.
const PATIENCE: Duration = Duration::from_millis(200);

/// The seats of one listener. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Seats(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: usize,
    free: Arc<Semaphore>,
    taken: Mutex<Taken>,
    refused: AtomicU64,
    closed: AtomicU64,
    held: AtomicUsize,
    given_back: Notify,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    seats: BTreeMap<u64, Seat>,
    /// Connections that are gone, and whose requests have yet to give their memory back.
    leaving: Vec<Seat>,
}

/// The connection that a request came on. Clones are the same seat.
#[derive(Clone)]
pub(crate) struct Seat(Arc<State>);

struct State {
    seats: Seats,
    using: Mutex<Use>,
    wanted: CancellationToken,
    /// Whether it came with a certificate that does not say who it is.
    stranger: AtomicBool,
    /// Bytes of its requests and answers.
    held: AtomicUsize,
    paid: Arc<Paid>,
}

#[derive(Debug)]
struct Use {
    in_flight: usize,
    /// When the connection was made, or the last request on it ended.
    idle_since: Instant,
}

impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Seat").field("held", &self.held()).finish_non_exhaustive()
    }
}

/// A seat that is taken until this is dropped.
pub(crate) struct Sitting {
    pub(crate) seat: Seat,
    number: u64,
    seats: Seats,
    _free: OwnedSemaphorePermit,
}

impl Seats {
    pub(crate) fn new(most: usize) -> Self {
        Self(Arc::new(Shared {
            most,
            free: Arc::new(Semaphore::new(most)),
            taken: Mutex::default(),
            refused: AtomicU64::new(0),
            closed: AtomicU64::new(0),
            held: AtomicUsize::new(0),
            given_back: Notify::new(),
        }))
    }

    /// A seat for a newcomer. Where all are taken, a stranger makes room, whatever it asks for; where there is
    /// none, the connection that has been idle for the longest time. Where none is idle, there is no seat.
    pub(crate) async fn take(&self) -> Option<Sitting> {
        let free = match self.0.free.clone().try_acquire_owned() {
            Ok(free) => free,
            Err(_) => match self.room().await {
                Some(free) => free,
                None => {
                    self.0.refused.fetch_add(1, Relaxed);
                    return None;
                }
            },
        };
        let state = State {
            seats: self.clone(),
            held: AtomicUsize::new(0),
            paid: Arc::default(),
            using: Mutex::new(Use { in_flight: 0, idle_since: Instant::now() }),
            wanted: CancellationToken::new(),
            stranger: AtomicBool::new(false),
        };
        let seat = Seat(Arc::new(state));
        let mut taken = self.taken();
        let number = taken.next;
        taken.next += 1;
        taken.seats.insert(number, seat.clone());
        Some(Sitting { seat, number, seats: self.clone(), _free: free })
    }

    async fn room(&self) -> Option<OwnedSemaphorePermit> {
        let leaves = {
            let taken = self.taken();
            // Who has been told to leave is on its way.
            let seats = taken.seats.values().filter(|seat| !seat.0.wanted.is_cancelled());
            let may_leave = seats.filter_map(|seat| Some((seat.leaves_before_others()?, seat)));
            may_leave.min_by_key(|(order, _)| *order).map(|(_, seat)| seat.clone())
        };
        leaves?.0.wanted.cancel();
        self.0.closed.fetch_add(1, Relaxed);
        timeout(PATIENCE, self.0.free.clone().acquire_owned()).await.ok()?.ok()
    }

    /// Whether there is memory for `bytes` of `asking`, where all hold too much. The connection that holds the most is cut
    /// for it, unless that is the one that asks.
    fn make_memory(&self, asking: &Seat, bytes: usize) -> bool {
        let taken = self.taken();
        let (cut, open): (Vec<_>, Vec<_>) =
            taken.seats.values().partition(|seat| seat.0.wanted.is_cancelled());
        let on_its_way_out: usize = cut.into_iter().chain(&taken.leaving).map(Seat::held).sum();
        if (self.held() + bytes).saturating_sub(on_its_way_out) <= PROCESS {
            return true;
        }
        match open.into_iter().max_by_key(|seat| seat.held()) {
            Some(most) if most.held() > asking.held() => {
                tracing::warn!(
                    bytes = most.held(),
                    "a connection is cut: it holds more memory than any other"
                );
                most.0.wanted.cancel();
                true
            }
            _ => false,
        }
    }

    /// Bytes of requests and answers on all connections.
    pub(crate) fn held(&self) -> usize {
        self.0.held.load(Relaxed)
    }

    pub(crate) fn most(&self) -> usize {
        self.0.most
    }

    /// How many connections there are, how many were refused, and how many were closed because they
    /// were idle.
    pub(crate) fn counts(&self) -> (usize, u64, u64) {
        (self.taken().seats.len(), self.0.refused.load(Relaxed), self.0.closed.load(Relaxed))
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sitting {
    /// Waits until another connection needs the seat.
    pub(crate) async fn wanted(&self) {
        self.seat.0.wanted.cancelled().await;
    }

    /// Waits until nothing was asked for long.
    pub(crate) async fn idle(&self) {
        loop {
            let since = self.seat.idle_since().unwrap_or_else(Instant::now);
            if since.elapsed() >= IDLE {
                self.seats.0.closed.fetch_add(1, Relaxed);
                return;
            }
            sleep_until(since + IDLE).await;
        }
    }
}

impl Drop for Sitting {
    fn drop(&mut self) {
        let mut taken = self.seats.taken();
        taken.leaving.retain(|seat| seat.held() > 0);
        let seat = taken.seats.remove(&self.number);
        taken.leaving.extend(seat.filter(|seat| seat.held() > 0));
    }
}

impl Seat {
    /// Counts `bytes` of a request or an answer.
    pub(crate) fn hold(&self, bytes: usize) -> Result<(), Exhausted> {
        let within = |limit| move |held: usize| held.checked_add(bytes).filter(|held| *held <= limit);
        let (here, seats) = (&self.0.held, &self.0.seats);
        let before =
            here.fetch_update(Relaxed, Relaxed, within(CONNECTION)).map_err(|_| Exhausted::Connection)?;
        if seats.0.held.fetch_update(Relaxed, Relaxed, within(PROCESS)).is_err() {
            // What comes here is small as a rule: a large message comes in frames.
            if before + bytes > SMALL && !seats.make_memory(self, bytes) {
                here.fetch_sub(bytes, Relaxed);
                return Err(Exhausted::Process);
            }
            seats.0.held.fetch_add(bytes, Relaxed);
        }
        Ok(())
    }

    /// Counts `bytes` no more.
    pub(crate) fn give_back(&self, bytes: usize) {
        self.0.held.fetch_sub(bytes, Relaxed);
        let seats = &self.0.seats.0;
        seats.held.fetch_sub(bytes, Relaxed);
        seats.given_back.notify_waiters();
    }

    /// Ends when bytes are given back, by whomever.
    pub(crate) fn given_back(&self) -> Notified<'_> {
        self.0.seats.0.given_back.notified()
    }

    /// What its requests have paid for.
    pub(crate) fn paid(&self) -> Arc<Paid> {
        self.0.paid.clone()
    }

    fn held(&self) -> usize {
        self.0.held.load(Relaxed)
    }

    /// Whoever is at the other end may ask for health, and that keeps no seat.
    pub(crate) fn is_a_strangers(&self) {
        self.0.stranger.store(true, Relaxed);
    }

    /// Whether the connection may make room for another one, and which of them does: the least.
    fn leaves_before_others(&self) -> Option<(bool, Instant)> {
        let (stranger, now) = (self.0.stranger.load(Relaxed), self.now());
        (stranger || now.in_flight == 0).then_some((!stranger, now.idle_since))
    }

    /// Since when the connection is idle, where it is.
    fn idle_since(&self) -> Option<Instant> {
        let now = self.now();
        (now.in_flight == 0).then_some(now.idle_since)
    }

    fn now(&self) -> MutexGuard<'_, Use> {
        self.0.using.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request on its connection, in flight until this is dropped.
struct InFlight(Seat);

impl InFlight {
    fn on(seat: Seat) -> Self {
        seat.now().in_flight += 1;
        seat.0.paid.request();
        Self(seat)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut now = self.0.now();
        now.in_flight -= 1;
        now.idle_since = Instant::now();
    }
}

/// Marks the connection as in use until the answer is over, and lets what is asked and answered pay for it.
pub(crate) async fn occupy(request: Request, next: Next) -> Response {
    let Some(seat) = request.extensions().get::<Seat>().cloned() else { return next.run(request).await };
    let (asked, answered) = (seat.paid(), seat.paid());
    let request = request.map(|request| {
        body::through(request, move |request, cx| request.poll_frame(cx).map_ok(|frame| pay(&asked, frame)))
    });
    let in_flight = InFlight::on(seat);
    next.run(request).await.map(|answer| {
        body::through(answer, move |answer, cx| {
            let _in_flight = &in_flight;
            answer.poll_frame(cx).map_ok(|frame| pay(&answered, frame))
        })
    })
}

fn pay(paid: &Paid, frame: Frame<Bytes>) -> Frame<Bytes> {
    if let Some(bytes) = frame.data_ref() {
        paid.piece(bytes.len());
    }
    frame
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::memory::Memory;

    /// Leaves as soon as the seat is to be given up.
    fn leaves_when_told(sitting: Sitting) {
        tokio::spawn(async move { sitting.wanted().await });
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_that_was_idle_for_the_longest_time_makes_room() {
        let seats = Seats::new(3);
        let (a, b, c) =
            (seats.take().await.unwrap(), seats.take().await.unwrap(), seats.take().await.unwrap());
        let working = InFlight::on(a.seat.clone());
        tokio::time::advance(Duration::from_secs(1)).await;
        drop(InFlight::on(b.seat.clone()));
        let (seat_b, seat_c) = (b.seat.clone(), c.seat.clone());
        leaves_when_told(b);
        leaves_when_told(c);
        let _d = seats.take().await.unwrap();
        assert!(seat_c.0.wanted.is_cancelled() && !seat_b.0.wanted.is_cancelled());
        assert_eq!(seats.counts(), (3, 0, 1));
        drop(working);
    }

    #[tokio::test(start_paused = true)]
    async fn where_all_work_a_newcomer_is_refused() {
        let seats = Seats::new(1);
        let working = seats.take().await.unwrap();
        let in_flight = InFlight::on(working.seat.clone());
        assert!(seats.take().await.is_none());
        assert_eq!(seats.counts(), (1, 1, 0));
        drop((in_flight, working));
        assert!(seats.take().await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stranger_makes_room_also_when_it_asks_for_something() {
        let seats = Seats::new(3);
        let (idle, working, stranger) =
            (seats.take().await.unwrap(), seats.take().await.unwrap(), seats.take().await.unwrap());
        stranger.seat.is_a_strangers();
        let in_flight = (InFlight::on(working.seat.clone()), InFlight::on(stranger.seat.clone()));
        tokio::time::advance(Duration::from_secs(1)).await;
        leaves_when_told(stranger);
        let _newcomer = seats.take().await.expect("the stranger made room");
        assert!(!idle.seat.0.wanted.is_cancelled() && !working.seat.0.wanted.is_cancelled());
        drop(in_flight);
    }

    #[tokio::test]
    async fn what_comes_in_small_pieces_counts_for_the_process_too() {
        let seats = Seats::new(10);
        let mut sittings = Vec::new();
        for _ in 0..10 {
            let sitting = seats.take().await.unwrap();
            // As requests come: frame by frame. Each of these connections stays within its own limit.
            for _ in 0..(CONNECTION - SMALL) / SMALL {
                let _ = sitting.seat.hold(SMALL);
            }
            sittings.push(sitting);
        }
        let open = sittings.iter().filter(|sitting| !sitting.seat.0.wanted.is_cancelled());
        let held: usize = open.map(|sitting| sitting.seat.held()).sum();
        assert!(held <= PROCESS, "{} MiB are held by those that were not cut", held >> 20);
    }

    #[tokio::test(start_paused = true)]
    async fn a_seat_is_over_when_nothing_was_asked_for_long() {
        let seats = Seats::new(1);
        let sitting = seats.take().await.unwrap();
        let begun = Instant::now();
        let in_flight = InFlight::on(sitting.seat.clone());
        tokio::spawn(async move {
            tokio::time::sleep(2 * IDLE).await;
            drop(in_flight);
        });
        sitting.idle().await;
        assert_eq!(begun.elapsed(), 3 * IDLE);
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_memory_gets_it_when_some_is_given_back() {
        let seats = Seats::new(2);
        let sitting = seats.take().await.unwrap();
        let mut extensions = tonic::Extensions::new();
        extensions.insert(sitting.seat.clone());
        let memory = Memory::of(&extensions);
        let most = memory.hold(CONNECTION).unwrap();
        assert!(memory.hold(1).is_err());
        let wait = Duration::from_secs(1);
        let begun = Instant::now();
        // Those who wait in vain do not wake each other.
        let (one, other) = tokio::join!(memory.hold_in_time(1, wait), memory.hold_in_time(1, wait));
        assert!(one.is_err() && other.is_err());
        assert_eq!(begun.elapsed(), wait);
        tokio::spawn(async move {
            tokio::time::sleep(wait / 2).await;
            most.shrink(0);
        });
        assert!(memory.hold_in_time(1, wait).await.is_ok());
        assert_eq!(seats.held(), 0);
    }

    #[tokio::test]
    async fn who_holds_the_most_makes_room_for_the_others() {
        let seats = Seats::new(8);
        let mut sitting = Vec::new();
        for _ in 0..5 {
            sitting.push(seats.take().await.unwrap());
        }
        for each in &sitting[..4] {
            each.seat.hold(CONNECTION - 1000).unwrap();
        }
        sitting[0].seat.hold(1000).unwrap();
        assert!(sitting[4].seat.hold(1 << 20).is_ok());
        assert!(sitting[0].seat.0.wanted.is_cancelled(), "the one that holds the most is cut");
        // It is gone, and its memory comes back a little later: nobody else is cut in the meantime.
        drop(sitting.remove(0));
        assert!(sitting[3].seat.hold(1 << 20).is_ok());
        assert!(sitting.iter().all(|each| !each.seat.0.wanted.is_cancelled()), "and no other");
    }
}
