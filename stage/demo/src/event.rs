//! The events, in order. Everything on the page follows from these.

use std::collections::BTreeMap;

use serde::Serialize;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Event {
    /// Its number, from 1, without gaps.
    pub seq: u64,
    /// When it happened, in milliseconds since the demo began. Messages are reported a little late,
    /// so this is not always in order.
    pub at: f64,
    /// What it was.
    #[serde(flatten)]
    pub what: What,
}

/// What an event is about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
#[expect(missing_docs, reason = "the fields are what `State` says of the fields with their names")]
pub enum What {
    /// Everything starts over.
    Stage { arguments: Vec<String> },
    /// The state of a replica; `why` says more if it went down by itself.
    Replica { replica: u64, state: Standing, why: Option<String> },
    /// How one direction between two replicas is; `latency` in milliseconds.
    Link { from: u64, to: u64, up: bool, latency: f64 },
    /// A message is sent.
    Sent(Sent),
    /// A message arrives; one that was lost may do so too.
    Arrived { message: u64 },
    /// A message will not arrive: its stream broke.
    Lost { message: u64 },
    /// What changed of what a replica holds.
    Objects { replica: u64, set: BTreeMap<String, Object>, gone: Vec<String>, total: usize },
    /// A replica's own metrics.
    Measured {
        replica: u64,
        #[serde(flatten)]
        measures: Measures,
    },
    /// How many bytes each link has carried: from, to, bytes.
    Carried { bytes: Vec<(u64, u64, u64)> },
    /// Whether the replicas hold the same.
    Verdict(Verdict),
    /// How many writes a second the steady load makes.
    Load { per_second: u32 },
    /// What the audience reads.
    Caption(Caption),
    /// What was done or went wrong, for the log.
    Note { replica: Option<u64>, text: String },
}

/// How a replica's process is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Standing {
    Starting,
    Running,
    Paused,
    Down,
}

/// A message in flight.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Sent {
    /// Its number; no other message has it.
    pub message: u64,
    /// The sender.
    pub from: u64,
    /// The intended receiver.
    pub to: u64,
    /// What its stream is for: "replication", "anti-entropy".
    pub stream: String,
    /// What sort of message it is.
    pub kind: Kind,
    /// The message in a few words.
    pub label: String,
}

/// A sort of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A write, in flight to a peer.
    Change,
    /// What a peer has.
    Ack,
    /// A key and its version, in a session of anti-entropy.
    Check,
    /// An object, in a session of anti-entropy.
    Repair,
    /// The end of a phase of a session.
    Complete,
    /// All else: the talk that opens streams and sessions and keeps them going.
    Open,
}

/// What a replica holds of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Object {
    /// The value; `None` in a tombstone.
    pub value: Option<String>,
    /// The counter of its version.
    pub counter: u64,
    /// The replica that wrote it.
    pub writer: u64,
    /// Whether it is a tombstone.
    pub deleted: bool,
}

/// What a replica measures of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Measures {
    /// How many of its changes each peer has not acknowledged.
    pub lag: BTreeMap<u64, u64>,
    /// Writes that lost against a concurrent one, since its process began.
    pub stomps: u64,
    /// Tombstones that it forgot, since its process began.
    pub collected: u64,
    /// The peers that it suspects to be gone.
    pub suspects: Vec<u64>,
}

/// Whether all hold the same.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Verdict {
    /// How many keys are not the same everywhere.
    pub differ: usize,
    /// Since when it is so, in milliseconds since the demo began: since all was the same, or since it no
    /// longer was.
    pub since: f64,
    /// The first of those keys.
    pub keys: Vec<String>,
    /// Replicas that do not answer now: what they held last is compared.
    pub unknown: Vec<u64>,
}

/// What the audience reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Caption {
    /// What is being played: the name of a scenario, or "script". `None` if nothing is.
    pub scenario: Option<String>,
    /// Its title.
    pub title: String,
    /// What to watch.
    pub text: String,
    /// Whether it waits for `next`.
    pub holds: bool,
    /// The number of this caption.
    pub step: usize,
    /// How many captions there are.
    pub steps: usize,
    /// What was otherwise than expected: it has ended there.
    pub failed: Option<String>,
}

impl Kind {
    /// The sort of message that has this label.
    pub fn of(label: &str) -> Self {
        match label.split([' ', ',']).next() {
            Some("change") => Self::Change,
            Some("ack") => Self::Ack,
            Some("CHECK") => Self::Check,
            Some("REPAIR") => Self::Repair,
            Some("COMPLETE") => Self::Complete,
            _ => Self::Open,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_flat_object() {
        let sent = Sent {
            message: 991,
            from: 1,
            to: 2,
            stream: "replication".to_owned(),
            kind: Kind::of("change 5@1"),
            label: "change 5@1".to_owned(),
        };
        let event = Event { seq: 17, at: 1234.5, what: What::Sent(sent) };
        let json = serde_json::to_string(&event).unwrap();
        assert_eq!(
            json,
            r#"{"seq":17,"at":1234.5,"type":"sent","message":991,"from":1,"to":2,"stream":"replication","kind":"change","label":"change 5@1"}"#
        );
        let measures = Measures { lag: [(2, 0), (3, 7)].into(), ..Measures::default() };
        let event = Event { seq: 18, at: 0.0, what: What::Measured { replica: 1, measures } };
        let json = serde_json::to_string(&event).unwrap();
        assert!(json.contains(r#""replica":1,"lag":{"2":0,"3":7},"stomps":0"#), "{json}");
    }

    #[test]
    fn each_label_has_its_kind() {
        let kinds = [
            ("begin, cut at 0, clock 0", Kind::Open),
            ("progress 4, knows {}", Kind::Open),
            ("change 7, now 9@1", Kind::Change),
            ("ack 4, credit 2", Kind::Ack),
            ("CHECK apple 5@1", Kind::Check),
            ("REPAIR apple 5@1 deleted", Kind::Repair),
            ("COMPLETE through pear", Kind::Complete),
            ("OPENED, knows {}", Kind::Open),
        ];
        for (label, kind) in kinds {
            assert_eq!(Kind::of(label), kind, "{label}");
        }
    }
}
