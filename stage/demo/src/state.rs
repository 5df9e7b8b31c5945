//! The state at one moment: the beginning, with the events until then applied.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::event::{Caption, Event, Measures, Object, Sent, Standing, Verdict, What};
use crate::region::Region;
use crate::scenarios::Scenario;

/// The most messages in flight that the state holds. More are not drawn anyway.
const FLYING: usize = 2_000;

/// Everything at one moment.
#[derive(Clone, Debug, Serialize)]
pub struct State {
    /// The number of the last event that went into it.
    pub seq: u64,
    /// When it was told, in milliseconds since the demo began.
    pub now: f64,
    /// The replicas, by id.
    pub replicas: Vec<Replica>,
    /// The links between them, by both ids.
    pub links: Vec<Link>,
    /// Messages that were sent and neither arrived nor were lost.
    pub flying: Vec<Flying>,
    /// What each link has carried: from, to, bytes.
    pub bytes: Vec<(u64, u64, u64)>,
    /// Whether all hold the same.
    pub verdict: Verdict,
    /// How many writes a second the steady load makes.
    pub load: u32,
    /// The caption; `None` if nothing is being played.
    pub caption: Option<Caption>,
    /// What each replica was told at its start beside what all demos tell it.
    pub arguments: Vec<String>,
    /// The exercises that are open, where the replicas run an attendee's own code.
    pub mine: Option<Vec<String>>,
    /// What can be played.
    pub scenarios: Vec<Scenario>,
}

/// A replica.
#[derive(Clone, Debug, Serialize)]
pub struct Replica {
    /// Its id.
    pub replica: u64,
    /// How commands name it.
    pub name: &'static str,
    /// How people name it.
    pub title: &'static str,
    /// How its process is.
    pub state: Standing,
    /// Why it is down, if nobody stopped it.
    pub why: Option<String>,
    /// The first of its objects, by key.
    pub objects: BTreeMap<String, Object>,
    /// How many objects it holds, with tombstones.
    pub total: usize,
    /// What it measures of itself.
    #[serde(flatten)]
    pub measures: Measures,
}

/// One direction between two replicas.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Link {
    /// Who sends.
    pub from: u64,
    /// Who receives.
    pub to: u64,
    /// Whether messages arrive.
    pub up: bool,
    /// How long it takes, in milliseconds.
    pub latency: f64,
}

/// A message in flight.
#[derive(Clone, Debug, Serialize)]
pub struct Flying {
    /// The message.
    #[serde(flatten)]
    pub message: Sent,
    /// When it was sent, in milliseconds since the demo began.
    pub sent: f64,
}

impl State {
    /// How it is before anything happened. `mine`: the exercises that are open, for an attendee's own code.
    pub fn new(mine: Option<Vec<String>>) -> Self {
        let replica = |region: Region| Replica {
            replica: region.id(),
            name: region.name(),
            title: region.title(),
            state: Standing::Down,
            why: None,
            objects: BTreeMap::new(),
            total: 0,
            measures: Measures::default(),
        };
        let link =
            |(from, to): (Region, Region)| Link { from: from.id(), to: to.id(), up: true, latency: 0.0 };
        Self {
            seq: 0,
            now: 0.0,
            replicas: Region::ALL.map(replica).into(),
            links: Region::ways().map(link).collect(),
            flying: Vec::new(),
            bytes: Vec::new(),
            verdict: Verdict::default(),
            load: 0,
            caption: None,
            arguments: Vec::new(),
            mine,
            scenarios: Scenario::all(),
        }
    }

    /// The replica of a region.
    pub fn replica(&self, region: Region) -> Option<&Replica> {
        self.replicas.iter().find(|replica| replica.replica == region.id())
    }

    /// Makes of it what it is after the event.
    pub fn apply(&mut self, Event { seq, at, what }: &Event) {
        self.seq = *seq;
        match what {
            What::Stage { arguments } => self.begin_anew(*at, arguments),
            What::Replica { replica, state, why } => {
                if let Some(replica) = self.by_id(*replica) {
                    (replica.state, replica.why) = (*state, why.clone());
                }
            }
            What::Link { from, to, up, latency } => {
                let link = self.links.iter_mut().find(|link| (link.from, link.to) == (*from, *to));
                if let Some(link) = link {
                    (link.up, link.latency) = (*up, *latency);
                }
            }
            What::Sent(message) => {
                if self.flying.len() >= FLYING {
                    self.flying.remove(0);
                }
                self.flying.push(Flying { message: message.clone(), sent: *at });
            }
            What::Arrived { message } | What::Lost { message } => {
                self.flying.retain(|flying| flying.message.message != *message);
            }
            What::Objects { replica, set, gone, total } => {
                if let Some(replica) = self.by_id(*replica) {
                    replica.objects.extend(set.clone());
                    replica.objects.retain(|key, _| !gone.contains(key));
                    replica.total = *total;
                }
            }
            What::Measured { replica, measures } => {
                if let Some(replica) = self.by_id(*replica) {
                    replica.measures = measures.clone();
                }
            }
            What::Carried { bytes } => self.bytes.clone_from(bytes),
            What::Verdict(verdict) => self.verdict = verdict.clone(),
            What::Load { per_second } => self.load = *per_second,
            What::Caption(caption) => {
                self.caption = caption.scenario.is_some().then(|| caption.clone());
            }
            What::Note { .. } => {}
        }
    }

    fn by_id(&mut self, id: u64) -> Option<&mut Replica> {
        self.replicas.iter_mut().find(|replica| replica.replica == id)
    }

    /// What is played goes on, and all else is gone.
    fn begin_anew(&mut self, at: f64, arguments: &[String]) {
        for replica in &mut self.replicas {
            replica.objects.clear();
            (replica.total, replica.measures) = (0, Measures::default());
        }
        self.flying.clear();
        self.bytes.clear();
        self.verdict = Verdict { since: at, ..Verdict::default() };
        self.load = 0;
        self.arguments = arguments.to_vec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Kind;

    fn after(events: Vec<What>) -> State {
        let mut state = State::new(None);
        for (seq, what) in (1..).zip(events) {
            state.apply(&Event { seq, at: seq as f64, what });
        }
        state
    }

    fn sent(message: u64) -> What {
        let (stream, label) = ("replication".to_owned(), "change 1@1".to_owned());
        What::Sent(Sent { message, from: 1, to: 2, stream, kind: Kind::Change, label })
    }

    fn objects(set: &[&str], gone: &[&str], total: usize) -> What {
        let object = Object { value: Some("red".to_owned()), counter: 1, writer: 1, deleted: false };
        let set = set.iter().map(|key| ((*key).to_owned(), object.clone())).collect();
        What::Objects { replica: 2, set, gone: gone.iter().map(|key| (*key).to_owned()).collect(), total }
    }

    #[test]
    fn a_message_flies_until_it_arrives_or_is_lost() {
        let events = vec![sent(1), sent(2), sent(3), What::Arrived { message: 1 }, What::Lost { message: 3 }];
        let state = after(events);
        let flying: Vec<_> =
            state.flying.iter().map(|flying| (flying.message.message, flying.sent)).collect();
        assert_eq!((flying, state.seq), (vec![(2, 2.0)], 5));
    }

    #[test]
    fn objects_are_added_and_go() {
        let state = after(vec![objects(&["apple", "pear"], &[], 2), objects(&["plum"], &["pear"], 2)]);
        let held = state.replica(Region::De).unwrap();
        assert_eq!(held.objects.keys().collect::<Vec<_>>(), ["apple", "plum"]);
        assert_eq!(held.total, 2);
    }

    #[test]
    fn a_stage_leaves_the_caption_and_nothing_else() {
        let caption = Caption { scenario: Some("quiet".to_owned()), ..Caption::default() };
        let state = after(vec![
            What::Caption(caption),
            objects(&["apple"], &[], 1),
            sent(1),
            What::Load { per_second: 20 },
            What::Stage { arguments: vec!["--no-streaming".to_owned()] },
        ]);
        assert!(state.caption.is_some() && state.flying.is_empty() && state.load == 0);
        assert!(state.replica(Region::De).unwrap().objects.is_empty());
        assert_eq!((state.verdict.since, state.arguments), (5.0, vec!["--no-streaming".to_owned()]));
    }
}
