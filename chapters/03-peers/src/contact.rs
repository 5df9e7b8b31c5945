//! What a replica has noticed of one peer.

use std::time::Duration;

use proto::peer::v1::peer_status::Health;
use tokio::time::Instant;

use crate::{Detector, Error};

/// The last answers of a peer, and what they say about it.
#[derive(Debug, Clone)]
pub struct Contact {
    pub detector: Detector,
    /// How often it should answer.
    interval: Duration,
    /// Whether it ever answered.
    heard: bool,
    /// The round trip of the last answer; None if there was none yet.
    pub round_trip: Option<Duration>,
    /// Why it refused, the last time it was asked.
    pub complaint: Option<String>,
    /// When the last synchronization with it ended.
    pub synchronized: Option<Instant>,
    /// The health that was logged last.
    pub logged: Health,
}

impl Contact {
    /// A peer that has not answered yet, and should once per `interval`.
    pub fn new(now: Duration, interval: Duration) -> Self {
        let detector = Detector::new(now, interval);
        Self {
            detector,
            interval,
            heard: false,
            round_trip: None,
            complaint: None,
            synchronized: None,
            logged: Health::Unknown,
        }
    }

    /// It answered.
    pub fn answered(&mut self, now: Duration, round_trip: Duration) {
        self.heard(now);
        self.round_trip = Some(round_trip);
        self.complaint = None;
    }

    /// It answered, and refused.
    pub fn refused(&mut self, now: Duration, error: &Error) {
        self.heard(now);
        self.complaint = Some(match error {
            // What the peer itself said needs no introduction.
            Error::Call { message, .. } => message.clone(),
            other => other.to_string(),
        });
    }

    /// The intervals start at the first answer. The time before it includes a dial, and would count
    /// as an interval that is far too short.
    fn heard(&mut self, now: Duration) {
        match self.heard || self.detector.suspects(now) {
            true => self.detector.heard(now),
            false => self.detector = Detector::new(now, self.interval),
        }
        self.heard = true;
    }

    pub fn health(&self, now: Duration) -> Health {
        match self {
            _ if self.detector.suspects(now) => Health::Suspect,
            Self { complaint: Some(_), .. } => Health::Refused,
            Self { round_trip: None, .. } => Health::Unknown,
            Self { .. } => Health::Alive,
        }
    }
}
