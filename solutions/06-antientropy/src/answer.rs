//! The remote's half of a session, connected to a stream, a store and a clock.

use std::collections::BTreeMap;

use merge::Knowledge;
use proto::antientropy::v1::sync_message::Message as Kind;
use proto::antientropy::v1::{Opened, SyncMessage};
use store::{Key, ReplicaId};
use tokio::sync::mpsc;
use transcript::{Closed, Incoming, Outgoing};

use crate::heads::Heads;
use crate::pull::Pull;
use crate::session::Session;
use crate::shown::{Held, Shown};
use crate::{Audit, CHUNK, Error, Head, Heard, Message, Remote, Reply, Side, heads};

/// How many replies wait for an initiator that reads slowly. When the queue is full, nothing more
/// is read.
pub(crate) const BUFFER: usize = 16;

/// What an initiator has said when its session succeeds.
pub(crate) struct Told {
    /// The record of the last key of the slice; None is the last key of all.
    pub through: Option<Vec<u8>>,
    /// What it knew when its pass began, if the slice is the last of the pass.
    pub knowledge: Option<Knowledge>,
    /// What the slice has shown of what it holds.
    pub shown: Shown,
}

impl Session {
    /// Answers a session over the slice after `after`, until the initiator ends its half. When this
    /// returns, everything received is stored.
    ///
    /// One half receives, compares and stores; the other reads the values and sends. The channel between
    /// them is short, so the receiving half may wait until the initiator reads; the initiator
    /// always reads, whether or not it can send.
    ///
    /// # Errors
    /// If the initiator violates the protocol, the store fails, or something could not be applied.
    pub async fn answer(
        &self,
        incoming: Incoming<SyncMessage>,
        mut outgoing: Outgoing<SyncMessage>,
        initiator: ReplicaId,
        after: Option<Key>,
    ) -> Result<Told, Error> {
        let knowledge = self.merge.knowledge(&self.store).await?;
        let opened = Kind::Opened(Opened { knowledge: (&knowledge).into() });
        if self.say(&mut outgoing, SyncMessage { message: Some(opened) }).await.is_err() {
            return Err(Error::EndedEarly);
        }
        let (replies, queue) = mpsc::channel(BUFFER);
        let mut pull =
            Pull::new(self.store.clone(), self.merge.clone(), initiator, self.tally.clone(), self.dry);
        let (told, ()) = tokio::try_join!(
            self.hear(incoming, Remote::new(after), replies, &mut pull),
            self.reply(queue, outgoing)
        )?;
        if pull.not_taken() > 0 {
            return Err(Error::NotTaken(pull.not_taken()));
        }
        Ok(told)
    }

    /// Owns the receiving half. Returns what the initiator has said about the slice and about
    /// itself.
    async fn hear(
        &self,
        mut incoming: Incoming<SyncMessage>,
        mut remote: Remote,
        replies: mpsc::Sender<Reply>,
        pull: &mut Pull,
    ) -> Result<Told, Error> {
        let mut ours = Heads::new(self.store.clone(), remote.after().cloned());
        let (mut audit, mut shown) = (Audit::default(), Shown::default());
        loop {
            let message = tokio::select! {
                biased;
                message = incoming.next() => message?,
                // Objects that are already here go to disk together.
                () = std::future::ready(()), if pull.is_waiting() => {
                    pull.flush().await?;
                    continue;
                }
            };
            let Some(message) = message else { break };
            self.tally.received(&message);
            let message = Message::try_from(message)?;
            audit.see(Side::Initiator, &message);
            match remote.receive(message)? {
                Heard::Check(key, theirs) => {
                    self.tally.count(|report| report.checked += 1);
                    let held = ours.of(&key).await?;
                    shown.holds(theirs.version);
                    if let Some(ours) = held.as_ref().filter(|ours| ours.version > theirs.version) {
                        shown.lacks(&key, ours.into());
                    }
                    if let Some(ours) = held.as_ref().filter(|ours| is_breach(ours, &theirs)) {
                        tracing::error!(
                            %key, version = %ours.version,
                            "two objects have one version: a replica gave it twice. Its directory is an older \
                             copy, or two replicas have its id; start it with an empty directory, a new \
                             id and the addresses of others (--seeds)"
                        );
                        if ours.version.replica == self.store.identity().replica {
                            let found =
                                format!("there are two writes with the version {} of {key}", ours.version);
                            self.store.went_back(found).await?;
                        }
                    }
                    if let Some(reply) = remote.check(key, &theirs, held) {
                        queue(&replies, &mut audit, reply).await?;
                    }
                }
                Heard::Complete => {
                    self.tally.phase("phase_1");
                    self.send_unseen(&mut remote, &replies, &mut audit, &mut shown).await?;
                    self.tally.phase("phase_2");
                }
                Heard::Repair(key, object) => pull.push(key, object).await?,
                Heard::Gone => {}
            }
        }
        pull.flush().await?;
        self.tally.phase("drain");
        match audit.owed().count() {
            _ if !remote.is_complete() => Err(Error::EndedEarly),
            0 => {
                Ok(Told { through: remote.through().cloned(), knowledge: remote.knowledge().cloned(), shown })
            }
            owed => Err(Error::Owed(owed)),
        }
    }

    /// Phase 2, chunk by chunk, to the COMPLETE at its end.
    async fn send_unseen(
        &self,
        remote: &mut Remote,
        replies: &mpsc::Sender<Reply>,
        audit: &mut Audit,
        shown: &mut Shown,
    ) -> Result<(), Error> {
        let mut after = remote.after().cloned();
        loop {
            let heads = heads::read(&self.store, after.as_ref(), CHUNK).await?;
            let keys: Vec<_> = heads.iter().map(|(key, _)| key.clone()).collect();
            after = keys.last().cloned();
            let held: BTreeMap<_, _> = heads.iter().map(|(key, head)| (key, Held::from(head))).collect();
            for reply in remote.unseen(keys) {
                if let Reply::Repair(key) = &reply
                    && let Some(ours) = held.get(key)
                {
                    shown.lacks(key, *ours);
                }
                let complete = matches!(reply, Reply::Say(Message::Complete { .. }));
                queue(replies, audit, reply).await?;
                if complete {
                    return Ok(());
                }
            }
        }
    }

    /// Owns the sending half. It ends when there will be no more replies; the stream itself ends
    /// with the status of the session.
    async fn reply(
        &self,
        mut queue: mpsc::Receiver<Reply>,
        mut outgoing: Outgoing<SyncMessage>,
    ) -> Result<(), Error> {
        while let Some(reply) = queue.recv().await {
            let message = match reply {
                Reply::Say(message) => message,
                Reply::Repair(key) => match self.to_send(&key).await? {
                    Some(object) => {
                        self.tally.count(|report| report.pushed += 1);
                        Message::Repair { key, object }
                    }
                    // A tombstone that was collected meanwhile, or what no replica would accept.
                    // Nobody asked for it.
                    None => continue,
                },
            };
            if self.say(&mut outgoing, message.into()).await.is_err() {
                return Err(Error::EndedEarly);
            }
        }
        Ok(())
    }

    async fn say(&self, outgoing: &mut Outgoing<SyncMessage>, message: SyncMessage) -> Result<(), Closed> {
        self.tally.sent(&message);
        outgoing.send(message).await
    }
}

/// Whether one version stands for two objects. A CHECK says nothing about values; the rest shows
/// most cases.
fn is_breach(ours: &Head, theirs: &Head) -> bool {
    ours.version == theirs.version && ours.metadata != theirs.metadata
}

/// Passes a reply to the sending half.
async fn queue(replies: &mpsc::Sender<Reply>, audit: &mut Audit, reply: Reply) -> Result<(), Error> {
    if let Reply::Say(message) = &reply {
        audit.see(Side::Remote, message);
    }
    replies.send(reply).await.map_err(|_| Error::EndedEarly)
}
