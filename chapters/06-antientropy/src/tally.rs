//! What one session did, on the side that keeps the tally.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prost::Message as _;
use proto::antientropy::v1::{SessionReport, SyncMessage};
use tokio::time::{Instant, sleep_until};
use transcript::Transcript;

use crate::{Error, Metrics, Side, describe};

/// A diagram holds at most this many messages: enough to look at, and few enough to keep.
const DRAWN: usize = 1_000;

/// The report of a session while it runs. Cheap to clone; all clones are one tally.
///
/// It is added to the metrics when the last clone is dropped, so on every path.
#[derive(Clone)]
pub struct Tally(Arc<Shared>);

struct Shared {
    metrics: Metrics,
    side: Side,
    began: Instant,
    state: Mutex<State>,
}

struct State {
    report: SessionReport,
    /// How the session ended; one that nobody ended was abandoned.
    outcome: &'static str,
    phase_began: Instant,
    /// When either side last sent something.
    said: Instant,
    diagram: Option<Diagram>,
}

/// The session as the initiator sees it.
struct Diagram {
    me: u64,
    peer: u64,
    transcript: Transcript,
    drawn: usize,
}

impl Tally {
    /// The tally of a session that begins now.
    pub fn new(metrics: Metrics, side: Side) -> Self {
        let began = Instant::now();
        let report = SessionReport::default();
        let state = State { report, outcome: "given_up", phase_began: began, said: began, diagram: None };
        Self(Arc::new(Shared { metrics, side, began, state: Mutex::new(state) }))
    }

    /// From now on draws the messages between these replicas.
    pub fn draw(&self, me: u64, peer: u64) {
        let transcript = Transcript::new(&[(me, ""), (peer, "")]);
        self.state().diagram = Some(Diagram { me, peer, transcript, drawn: 0 });
    }

    /// A message was sent.
    pub fn sent(&self, message: &SyncMessage) {
        let at = self.0.began.elapsed();
        let mut state = self.state();
        state.said = Instant::now();
        state.report.bytes_sent += message.encoded_len() as u64;
        if let Some(diagram) = &mut state.diagram {
            diagram.said(at, diagram.me, diagram.peer, message);
        }
    }

    /// A message was received.
    pub fn received(&self, message: &SyncMessage) {
        let at = self.0.began.elapsed();
        let mut state = self.state();
        state.said = Instant::now();
        state.report.bytes_received += message.encoded_len() as u64;
        if let Some(diagram) = &mut state.diagram {
            diagram.said(at, diagram.peer, diagram.me, message);
        }
    }

    /// Waits until nothing was sent for this long.
    pub async fn silence(&self, limit: Duration) {
        loop {
            let ends = self.state().said + limit;
            if ends <= Instant::now() {
                return;
            }
            sleep_until(ends).await;
        }
    }

    /// Something of the report changes.
    pub fn count(&self, change: impl FnOnce(&mut SessionReport)) {
        change(&mut self.state().report);
    }

    /// A phase has ended.
    pub fn phase(&self, phase: &'static str) {
        let mut state = self.state();
        self.0.metrics.phase(self.0.side, phase, state.phase_began.elapsed());
        state.phase_began = Instant::now();
    }

    /// The session has ended.
    pub fn end(&self, ended: Result<&(), &Error>) {
        let mut state = self.state();
        state.outcome = ended.map_or_else(Error::outcome, |_| "done");
        state.report.micros = self.0.began.elapsed().as_micros() as u64;
    }

    /// The report so far.
    pub fn report(&self) -> SessionReport {
        self.state().report
    }

    /// The diagram so far; empty if nothing is drawn.
    pub fn diagram(&self) -> String {
        let state = self.state();
        let Some(diagram) = &state.diagram else { return String::new() };
        let mut text = diagram.transcript.to_string();
        if diagram.drawn > DRAWN {
            text += &format!("and {} messages more\n", diagram.drawn - DRAWN);
        }
        text
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Diagram {
    /// One end of a session sees each message only once. It is drawn at that time.
    fn said(&mut self, at: Duration, from: u64, to: u64, message: &SyncMessage) {
        self.drawn += 1;
        if self.drawn <= DRAWN {
            let message = self.transcript.sent(at, from, to, describe(message));
            self.transcript.received(at, message);
        }
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        self.metrics.ended(self.side, state.outcome, self.began.elapsed(), &state.report);
    }
}
