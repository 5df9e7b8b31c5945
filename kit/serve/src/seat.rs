//! One connection: who is at its other end, and what is in progress on it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::body::{Bytes, HttpBody};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http_body::Frame;
use tls::Holder;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::account::{Account, Accounts};
use crate::body;
use crate::caller::Caller;
use crate::floods::Paid;

/// Whom a seat is for: who stands lower makes room first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    /// It came with a certificate that does not say who it is. It may ask for health, and that keeps no seat.
    Stranger,
    Client,
    Operator,
    Member,
}

impl From<&Caller> for Standing {
    fn from(caller: &Caller) -> Self {
        match caller {
            Caller::Trusted | Caller::Certified(Holder::Replica(_)) => Self::Member,
            Caller::Certified(Holder::Operator) => Self::Operator,
            Caller::Anonymous | Caller::Certified(Holder::Client) => Self::Client,
            Caller::Certified(Holder::Nobody(_)) => Self::Stranger,
        }
    }
}

/// The connection that a request came on. Clones are the same seat.
#[derive(Clone, Debug)]
pub(crate) struct Seat(Arc<State>);

#[derive(Debug)]
struct State {
    using: Mutex<Use>,
    /// Somebody else needs the seat.
    wanted: CancellationToken,
    account: Account,
    paid: Arc<Paid>,
}

#[derive(Debug)]
struct Use {
    /// None while it is not known.
    standing: Option<Standing>,
    in_flight: usize,
    /// When the connection was made, or the last request on it ended.
    idle_since: Instant,
}

impl Seat {
    pub(crate) fn new(accounts: &Accounts) -> Self {
        let wanted = CancellationToken::new();
        Self(Arc::new(State {
            using: Mutex::new(Use { standing: None, in_flight: 0, idle_since: Instant::now() }),
            account: accounts.open(wanted.clone()),
            wanted,
            paid: Arc::default(),
        }))
    }

    /// What is held for its requests.
    pub(crate) fn account(&self) -> &Account {
        &self.0.account
    }

    /// What its requests have paid for.
    pub(crate) fn paid(&self) -> Arc<Paid> {
        self.0.paid.clone()
    }

    /// Says who is at the other end.
    pub(crate) fn stands(&self, standing: Standing) {
        self.using().standing = Some(standing);
    }

    pub(crate) fn standing(&self) -> Option<Standing> {
        self.using().standing
    }

    /// Whether the connection may make room for another one, and which of them does: the least. Who is not known
    /// yet may be anybody, and is taken for a client: then those who come at the same time do not drive each other
    /// out while there are connections that are idle.
    pub(crate) fn leaves_before_others(&self) -> Option<(Standing, Instant)> {
        let now = self.using();
        let standing = now.standing.unwrap_or(Standing::Client);
        (standing == Standing::Stranger || now.in_flight == 0).then_some((standing, now.idle_since))
    }

    /// Since when the connection is idle, where it is.
    pub(crate) fn idle_since(&self) -> Option<Instant> {
        let now = self.using();
        (now.in_flight == 0).then_some(now.idle_since)
    }

    /// Tells the connection to end: somebody else needs its seat.
    pub(crate) fn give_up(&self) {
        self.0.wanted.cancel();
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.0.wanted.is_cancelled()
    }

    /// Waits until the seat is to be given up.
    pub(crate) async fn wanted(&self) {
        self.0.wanted.cancelled().await;
    }

    fn using(&self) -> MutexGuard<'_, Use> {
        self.0.using.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request on its connection, in flight until this is dropped.
pub(crate) struct InFlight(Seat);

impl InFlight {
    pub(crate) fn on(seat: Seat) -> Self {
        seat.using().in_flight += 1;
        seat.0.paid.request();
        Self(seat)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let mut now = self.0.using();
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
