//! So many connections of a listener at a time, and who leaves when another one comes.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until, timeout};

use crate::account::Accounts;
use crate::seat::{Seat, Standing};
use crate::seldom::Seldom;

/// A connection on which nothing was asked for so long is closed. Replicas ping each other far more
/// often; a client makes its connection anew when it needs one.
const IDLE: Duration = Duration::from_secs(300);

/// How long a newcomer waits for the one who makes room.
const PATIENCE: Duration = Duration::from_millis(200);

/// The most seats that are kept for operators and members: a fleet has 64 members at the most, and a member that
/// comes back may have a connection that died and was not noticed.
const MOST_KEPT: usize = 256;

/// The seats of one listener. Clones share them.
#[derive(Clone, Debug)]
pub(crate) struct Seats(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    most: usize,
    all: Arc<Semaphore>,
    /// Those of them that clients and strangers may have.
    open_to_clients: Arc<Semaphore>,
    taken: Mutex<Taken>,
    accounts: Accounts,
    refused: AtomicU64,
    refusals: Seldom,
    closed: AtomicU64,
}

#[derive(Debug, Default)]
struct Taken {
    next: u64,
    seats: BTreeMap<u64, Seat>,
}

/// A seat that is taken until this is dropped.
pub(crate) struct Sitting {
    pub(crate) seat: Seat,
    number: u64,
    seats: Seats,
    /// Given back before the place: who has a place finds no fewer of these.
    as_a_client: Option<OwnedSemaphorePermit>,
    _place: OwnedSemaphorePermit,
}

impl Seats {
    /// So many seats. Where callers are `told_apart`, clients and strangers never have all of them.
    pub(crate) fn new(most: usize, told_apart: bool) -> Self {
        let kept = if told_apart { (most / 4).min(MOST_KEPT) } else { 0 };
        Self(Arc::new(Shared {
            most,
            all: Arc::new(Semaphore::new(most)),
            open_to_clients: Arc::new(Semaphore::new(most - kept)),
            taken: Mutex::default(),
            accounts: Accounts::default(),
            refused: AtomicU64::new(0),
            refusals: Seldom::default(),
            closed: AtomicU64::new(0),
        }))
    }

    /// A seat for a newcomer, whoever that is; none if all are taken by others who are at work.
    pub(crate) async fn take(&self, peer: SocketAddr) -> Option<Sitting> {
        let Some(place) = self.place(&self.0.all, |_| true).await else {
            self.refuse(peer);
            return None;
        };
        let seat = Seat::new(&self.0.accounts);
        let mut taken = self.taken();
        let number = taken.next;
        taken.next += 1;
        taken.seats.insert(number, seat.clone());
        Some(Sitting { seat, number, seats: self.clone(), as_a_client: None, _place: place })
    }

    /// A place among `places`. Where all are taken, one of those `who` have one makes room: a stranger, whatever it
    /// asks for; if there is none, of those that are idle the one that stands lowest and has been idle for the
    /// longest time.
    async fn place(
        &self,
        places: &Arc<Semaphore>,
        who: impl Fn(&Seat) -> bool,
    ) -> Option<OwnedSemaphorePermit> {
        if let Ok(place) = places.clone().try_acquire_owned() {
            return Some(place);
        }
        let leaves = {
            let taken = self.taken();
            // Who has been told to leave is on its way.
            let seats = taken.seats.values().filter(|seat| !seat.is_wanted() && who(seat));
            let may_leave = seats.filter_map(|seat| Some((seat.leaves_before_others()?, seat)));
            may_leave.min_by_key(|(order, _)| *order).map(|(_, seat)| seat.clone())
        };
        leaves?.give_up();
        self.0.closed.fetch_add(1, Relaxed);
        timeout(PATIENCE, places.clone().acquire_owned()).await.ok()?.ok()
    }

    fn refuse(&self, peer: SocketAddr) {
        self.0.refused.fetch_add(1, Relaxed);
        if let Some(kept_back) = self.0.refusals.turn() {
            let most = self.0.most;
            tracing::warn!(%peer, most, kept_back, "a connection was refused: all that there may be are in use");
        }
    }

    /// Bytes of requests and answers on all connections.
    pub(crate) fn held(&self) -> usize {
        self.0.accounts.held()
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
    /// Says who is at the other end, and whether there is a seat for that one: operators and members have the one
    /// that they took, clients and strangers only one of those that are open to them.
    pub(crate) async fn is(&mut self, standing: Standing, peer: SocketAddr) -> bool {
        if standing <= Standing::Client {
            let like_it = |seat: &Seat| seat.standing().is_some_and(|standing| standing <= Standing::Client);
            self.as_a_client = self.seats.place(&self.seats.0.open_to_clients, like_it).await;
            if self.as_a_client.is_none() {
                self.seats.refuse(peer);
                return false;
            }
        }
        self.seat.stands(standing);
        true
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
        self.seats.taken().seats.remove(&self.number);
        self.seat.account().close();
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::seat::InFlight;

    const PEER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 1);

    impl Seats {
        async fn take_as(&self, standing: Standing) -> Option<Sitting> {
            let mut sitting = self.take(PEER).await?;
            sitting.is(standing, PEER).await.then_some(sitting)
        }
    }

    /// Leaves as soon as the seat is to be given up.
    fn leaves_when_told(sitting: Sitting) -> Seat {
        let seat = sitting.seat.clone();
        tokio::spawn(async move { sitting.seat.wanted().await });
        seat
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_that_was_idle_for_the_longest_time_makes_room() {
        let seats = Seats::new(3, false);
        let mut sittings = Vec::new();
        for _ in 0..3 {
            sittings.push(seats.take_as(Standing::Client).await.unwrap());
        }
        let _working = InFlight::on(sittings[0].seat.clone());
        tokio::time::advance(Duration::from_secs(1)).await;
        drop(InFlight::on(sittings[1].seat.clone()));
        let each: Vec<_> = sittings.into_iter().map(leaves_when_told).collect();
        let _newcomer = seats.take_as(Standing::Client).await.unwrap();
        assert_eq!(each.iter().map(Seat::is_wanted).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!(seats.counts(), (3, 0, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn where_all_work_a_newcomer_is_refused() {
        let seats = Seats::new(1, false);
        let working = seats.take_as(Standing::Member).await.unwrap();
        let in_flight = InFlight::on(working.seat.clone());
        assert!(seats.take(PEER).await.is_none());
        assert_eq!(seats.counts(), (1, 1, 0));
        drop((in_flight, working));
        assert!(seats.take(PEER).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn a_stranger_makes_room_also_when_it_asks_for_something() {
        let seats = Seats::new(3, false);
        let idle = seats.take_as(Standing::Client).await.unwrap();
        let working = seats.take_as(Standing::Client).await.unwrap();
        let stranger = seats.take_as(Standing::Stranger).await.unwrap();
        let _in_flight = (InFlight::on(working.seat.clone()), InFlight::on(stranger.seat.clone()));
        tokio::time::advance(Duration::from_secs(1)).await;
        leaves_when_told(stranger);
        let _newcomer = seats.take_as(Standing::Client).await.expect("the stranger made room");
        assert!(!idle.seat.is_wanted() && !working.seat.is_wanted());
    }

    #[tokio::test(start_paused = true)]
    async fn clients_at_work_keep_no_member_and_no_operator_out() {
        let seats = Seats::new(16, true);
        let mut working = Vec::new();
        while let Some(client) = seats.take_as(Standing::Client).await {
            working.push((InFlight::on(client.seat.clone()), client));
        }
        assert_eq!(working.len(), 12, "a quarter is kept");
        let mut others = Vec::new();
        for standing in [Standing::Member, Standing::Operator, Standing::Member, Standing::Member] {
            let other = seats.take_as(standing).await.expect("there is a seat for it");
            others.push((InFlight::on(other.seat.clone()), other));
        }
        assert!(seats.take(PEER).await.is_none(), "all are at work");
        assert_eq!(seats.counts(), (16, 2, 0), "nobody had to leave");
        working.pop();
        assert!(seats.take_as(Standing::Client).await.is_some());
    }

    #[tokio::test(start_paused = true)]
    async fn who_stands_lower_makes_room_first() {
        let seats = Seats::new(4, true);
        // The member has been idle for the longest time.
        let member = seats.take_as(Standing::Member).await.unwrap();
        tokio::time::advance(Duration::from_secs(1)).await;
        let operator = seats.take_as(Standing::Operator).await.unwrap();
        let one = leaves_when_told(seats.take_as(Standing::Client).await.unwrap());
        tokio::time::advance(Duration::from_secs(1)).await;
        let other = leaves_when_told(seats.take_as(Standing::Client).await.unwrap());
        let newcomer = leaves_when_told(seats.take_as(Standing::Client).await.unwrap());
        assert!(one.is_wanted() && !other.is_wanted(), "one client makes room for the other");
        let _member = seats.take_as(Standing::Member).await.unwrap();
        assert!(other.is_wanted() && !newcomer.is_wanted());
        assert!(!member.seat.is_wanted() && !operator.seat.is_wanted());
    }

    #[tokio::test(start_paused = true)]
    async fn those_in_the_handshake_leave_the_one_after_the_other_and_no_member_does() {
        let seats = Seats::new(4, true);
        let member = seats.take_as(Standing::Member).await.unwrap();
        for _ in 0..100 {
            leaves_when_told(seats.take(PEER).await.expect("another one makes room"));
            tokio::time::advance(Duration::from_millis(1)).await;
        }
        assert!(!member.seat.is_wanted());
    }

    #[tokio::test(start_paused = true)]
    async fn a_seat_is_over_when_nothing_was_asked_for_long() {
        let seats = Seats::new(1, false);
        let sitting = seats.take(PEER).await.unwrap();
        let begun = Instant::now();
        let in_flight = InFlight::on(sitting.seat.clone());
        tokio::spawn(async move {
            tokio::time::sleep(2 * IDLE).await;
            drop(in_flight);
        });
        sitting.idle().await;
        assert_eq!(begun.elapsed(), 3 * IDLE);
    }
}
