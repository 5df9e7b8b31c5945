//! The reports of the halves of a stream, in the format of the log.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::stream::Ends;

/// The target of the events that tell of messages.
pub const TARGET: &str = "atoll::messages";

/// What happened to a half of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    OpensToSend,
    Sent,
    WaitsToSend,
    WaitedToSend,
    EndsSending,
    OpensToReceive,
    Received,
    WaitsToReceive,
    WaitedToReceive,
    EndsReceiving,
}

impl What {
    const WORDS: [(Self, &'static str); 10] = [
        (Self::OpensToSend, "opens_to_send"),
        (Self::Sent, "sent"),
        (Self::WaitsToSend, "waits_to_send"),
        (Self::WaitedToSend, "waited_to_send"),
        (Self::EndsSending, "ends_sending"),
        (Self::OpensToReceive, "opens_to_receive"),
        (Self::Received, "received"),
        (Self::WaitsToReceive, "waits_to_receive"),
        (Self::WaitedToReceive, "waited_to_receive"),
        (Self::EndsReceiving, "ends_receiving"),
    ];

    /// Whether it is the sending half that tells this.
    pub(crate) fn sends(self) -> bool {
        use What::{EndsSending, OpensToSend, Sent, WaitedToSend, WaitsToSend};
        matches!(self, OpensToSend | Sent | WaitsToSend | WaitedToSend | EndsSending)
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(what, _)| *what)
    }
}

impl fmt::Display for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = Self::WORDS.iter().find(|(what, _)| what == self).map_or("", |(_, word)| *word);
        f.write_str(word)
    }
}

/// One half of a stream, as its events name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Half {
    pub(crate) ends: Ends,
    /// Tells this half from an earlier one between the same replicas; unique in this process.
    id: u64,
}

impl Half {
    pub(crate) fn new(ends: Ends) -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self { ends, id: NEXT.fetch_add(1, Ordering::Relaxed) }
    }

    /// Reports something about message `n`; `label` is called only if somebody listens.
    pub(crate) fn tell(&self, what: What, n: u64, label: impl FnOnce() -> String) {
        let Ends { me, peer, stream } = self.ends;
        // A half waits for its next message most of the time: in a log that says nothing.
        if matches!(what, What::WaitsToReceive | What::WaitedToReceive) {
            tracing::trace!(target: TARGET, me, peer, stream, half = self.id, n, what = %what);
        } else if tracing::enabled!(target: TARGET, tracing::Level::DEBUG) {
            let label = label();
            tracing::debug!(target: TARGET, me, peer, stream, half = self.id, n, label, what = %what);
        }
    }
}
