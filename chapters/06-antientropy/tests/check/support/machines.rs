//! Two ends of a session without a network: replicas in maps, messages in a queue, time in steps.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use antientropy::{CHUNK, Head, Heard, Initiator, Message, Next, Remote, Reply, Side, describe};
use proto::antientropy::v1::SyncMessage;
use store::{Content, Key, Object, ReplicaId, Version};
use transcript::Transcript;

/// How long a message takes.
const WAY: Duration = Duration::from_millis(10);

/// A version as people write it: "3@1".
pub fn version(text: &str) -> Version {
    let (counter, replica) = text.split_once('@').unwrap();
    Version { counter: counter.parse().unwrap(), replica: ReplicaId(replica.parse().unwrap()) }
}

pub fn key(name: &str) -> Key {
    match name.split_once('/') {
        Some((namespace, key)) => Key::new(namespace, key).unwrap(),
        None => Key::new("default", name).unwrap(),
    }
}

/// What the write with this version left: a value, or after "deleted" a tombstone.
pub fn object(text: &str) -> Object {
    let (text, content) = match text.strip_suffix(" deleted") {
        Some(text) => (text, Content::Tombstone),
        None => (text, Content::Value(text.into())),
    };
    let version = version(text);
    let vector = [version].into_iter().collect();
    Object { version, parent: None, vector, region: "us".into(), owner: "ann".into(), content }
}

pub fn head(text: &str) -> Head {
    Head::try_from(object(text).metadata()).unwrap()
}

/// A message in the words of the diagrams.
pub fn words(message: &Message) -> String {
    describe(&SyncMessage::from(message.clone()))
}

/// What one replica holds, in the order of the records.
#[derive(Clone, Default)]
pub struct Held(BTreeMap<Vec<u8>, (Key, Object)>);

impl Held {
    /// "apple 3@1, plum 4@2 deleted"
    pub fn new(text: &str) -> Self {
        let mut held = Self::default();
        for entry in text.split(", ").filter(|entry| !entry.is_empty()) {
            let (name, text) = entry.split_once(' ').unwrap();
            held.put(name, text);
        }
        held
    }

    pub fn put(&mut self, name: &str, text: &str) {
        self.store(key(name), object(text));
    }

    pub fn forget(&mut self, name: &str) {
        self.0.remove(&key(name).encode());
    }

    fn store(&mut self, key: Key, object: Object) {
        let held = self.0.entry(key.encode()).or_insert((key, object.clone()));
        if held.1.version < object.version {
            held.1 = object;
        }
    }

    pub fn heads(&self, after: Option<&Key>, limit: usize) -> Vec<(Key, Head)> {
        let after = after.map(Key::encode).unwrap_or_default();
        let later = self.0.range((std::ops::Bound::Excluded(after), std::ops::Bound::Unbounded));
        let head = |object: &Object| Head::try_from(object.metadata()).unwrap();
        later.take(limit).map(|(_, (key, object))| (key.clone(), head(object))).collect()
    }

    fn get(&self, key: &Key) -> Option<Object> {
        self.0.get(&key.encode()).map(|(_, object)| object.clone())
    }

    pub fn show(&self) -> String {
        let show = |(key, object): &(Key, Object)| {
            let deleted = if object.is_tombstone() { " deleted" } else { "" };
            format!("{} {}{deleted}", key.key().escape_ascii(), object.version)
        };
        let all: Vec<_> = self.0.values().map(show).collect();
        if all.is_empty() { "nothing".into() } else { all.join(", ") }
    }
}

/// A session between replica 1, the initiator, and replica 2, the remote.
pub struct Pair {
    pub ours: Held,
    pub theirs: Held,
    initiator: Initiator,
    remote: Remote,
    /// What is under way, in the order of its arrival.
    way: Vec<(Duration, Side, Option<Message>, transcript::Message)>,
    transcript: Transcript,
    /// What was said, in the order in which the remote saw it.
    pub said: Vec<(Side, Message)>,
    now: Duration,
    closed: bool,
    ended: bool,
    /// Where the second phase is that of the lab, and not the initiator's own.
    hasty: Option<Hasty>,
}

/// An initiator in phase 2 that closes its half when it hears the remote's COMPLETE, whatever it has to say.
#[derive(Default)]
struct Hasty {
    asked: VecDeque<Key>,
    heard_complete: bool,
}

impl Hasty {
    fn hear(&mut self, message: &Message) {
        match message {
            Message::Check { key, .. } => self.asked.push_back(key.clone()),
            Message::Complete { .. } => self.heard_complete = true,
            Message::Repair { .. } => {}
        }
    }

    fn next_step(&mut self) -> Next {
        if self.heard_complete {
            return Next::Close;
        }
        self.asked.pop_front().map_or(Next::Wait, Next::Answer)
    }
}

impl Pair {
    pub fn new(ours: &str, theirs: &str) -> Self {
        Self {
            ours: Held::new(ours),
            theirs: Held::new(theirs),
            initiator: Initiator::new(None, 100, None),
            remote: Remote::new(None),
            way: Vec::new(),
            transcript: Transcript::new(&[(1, "initiator"), (2, "remote")]),
            said: Vec::new(),
            now: Duration::ZERO,
            closed: false,
            ended: false,
            hasty: None,
        }
    }

    /// The session of the lab: the initiator closes its half too early.
    pub fn hasty(ours: &str, theirs: &str) -> Self {
        Self { hasty: Some(Hasty::default()), ..Self::new(ours, theirs) }
    }

    /// Runs the session to its end, with a step each millisecond; `meanwhile` changes what the replicas hold.
    pub fn run(&mut self, mut meanwhile: impl FnMut(u64, &mut Held, &mut Held)) {
        for millis in 0..1_000 {
            self.now = Duration::from_millis(millis);
            meanwhile(millis, &mut self.ours, &mut self.theirs);
            self.arrive();
            if !self.closed {
                self.speak();
            }
            if self.ended {
                return;
            }
        }
        panic!("no end after a second:\n{}", self.transcript);
    }

    /// What arrives now, at either side.
    fn arrive(&mut self) {
        while self.way.first().is_some_and(|(at, ..)| *at <= self.now) {
            let (_, from, message, passage) = self.way.remove(0);
            self.transcript.received(self.now, passage);
            match (from, message) {
                (Side::Initiator, Some(message)) => self.hear(message),
                (Side::Initiator, None) => self.ended = true,
                (Side::Remote, Some(message)) => {
                    self.hasty.iter_mut().for_each(|hasty| hasty.hear(&message));
                    if let Some((key, object)) = self.initiator.receive(message).unwrap() {
                        self.ours.store(key, object);
                    }
                }
                (Side::Remote, None) => unreachable!("the remote ends with its status"),
            }
        }
    }

    /// The initiator says one thing, or one chunk.
    fn speak(&mut self) {
        let next = match (self.initiator.next_step(), &mut self.hasty) {
            (next @ Next::Read { .. }, _) | (next, None) => next,
            (_, Some(hasty)) => hasty.next_step(),
        };
        let messages = match next {
            Next::Read { after, limit } => {
                self.initiator.check(self.ours.heads(after.as_ref(), limit), false)
            }
            Next::Answer(key) => {
                let object = self.ours.get(&key);
                vec![Initiator::answer(key, object)]
            }
            Next::Wait => return,
            Next::Close => {
                self.closed = true;
                let passage = self.transcript.sent(self.now, 1, 2, "ends its half");
                self.way.push((self.now + WAY, Side::Initiator, None, passage));
                return;
            }
        };
        messages.into_iter().for_each(|message| self.send(Side::Initiator, message));
    }

    /// The remote hears a message, and says at once what there is to say.
    fn hear(&mut self, message: Message) {
        self.said.push((Side::Initiator, message.clone()));
        let mut replies = Vec::new();
        match self.remote.receive(message).unwrap() {
            Heard::Check(key, theirs) => {
                let held = self.theirs.get(&key).map(|object| Head::try_from(object.metadata()).unwrap());
                replies.extend(self.remote.check(key, &theirs, held));
            }
            Heard::Repair(key, object) => self.theirs.store(key, object),
            Heard::Gone => {}
            Heard::Complete => {
                let heads = self.theirs.heads(None, CHUNK).into_iter().map(|(key, _)| key).collect();
                replies.extend(self.remote.unseen(heads));
                if !replies.iter().any(is_complete) {
                    replies.extend(self.remote.unseen(Vec::new()));
                }
            }
        }
        for reply in replies {
            match reply {
                Reply::Say(message) => self.send(Side::Remote, message),
                Reply::Repair(key) => {
                    let object = self.theirs.get(&key).unwrap();
                    self.send(Side::Remote, Message::Repair { key, object });
                }
            }
        }
    }

    fn send(&mut self, from: Side, message: Message) {
        let (sender, receiver) = if from == Side::Initiator { (1, 2) } else { (2, 1) };
        let passage = self.transcript.sent(self.now, sender, receiver, words(&message));
        if from == Side::Remote {
            self.said.push((from, message.clone()));
        }
        self.way.push((self.now + WAY, from, Some(message), passage));
    }

    pub fn show(&self) -> String {
        format!(
            "{}\nreplica 1 holds {}\nreplica 2 holds {}\n",
            self.transcript.to_string().trim_end(),
            self.ours.show(),
            self.theirs.show()
        )
    }
}

pub fn is_complete(reply: &Reply) -> bool {
    matches!(reply, Reply::Say(Message::Complete { .. }))
}
