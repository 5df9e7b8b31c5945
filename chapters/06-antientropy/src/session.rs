//! The initiator's half of a session, connected to a stream, a store and a clock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use merge::{Knowledge, Merge};
use proto::antientropy::v1::sync_message::Message as Kind;
use proto::antientropy::v1::{Open, SyncMessage};
use rpc::antientropy::v1::anti_entropy_client::AntiEntropyClient;
use store::{Key, MAX_MESSAGE, Object, ReplicaId, Store};
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_stream::StreamExt;
use tonic::transport::Channel;
use tonic::{Code, Request};
use transcript::{Ends, Incoming, Outgoing};

use crate::gather::Gathered;
use crate::pull::Pull;
use crate::shown::Checked;
use crate::{Error, Initiator, Limits, Message, Next, Pass, Tally, describe, heads};

/// How many messages wait for a peer that reads slowly.
const BUFFER: usize = 16;

/// The name of the stream in transcripts.
pub(crate) const STREAM: &str = "anti-entropy";

/// What a session needs besides a peer.
pub(crate) struct Session {
    pub store: Store,
    pub merge: Merge,
    pub tally: Tally,
    pub limits: Limits,
    pub dry: bool,
}

/// The state machine, shared by the sending and the receiving half.
struct Shared {
    initiator: Mutex<Initiator>,
    checked: Mutex<Checked>,
    /// Something was received, so there may be something to send.
    heard: Notify,
}

impl Session {
    /// One session over the next slice of `pass`, which it advances: when it returns, the remote
    /// has stored everything that this replica sent, and vice versa.
    ///
    /// The two halves run concurrently, and neither waits for the other: the remote may have to
    /// wait until this replica reads, never vice versa. When one of them fails the other is
    /// dropped. Nothing is spawned, so nothing is left over.
    ///
    /// # Errors
    /// If the peer refused the session or did not end it cleanly. Then `pass` is unchanged.
    pub async fn run(&self, channel: Channel, ends: Ends, pass: &mut Pass) -> Result<(), Error> {
        let after = pass.after.as_ref().map(Key::encode).unwrap_or_default();
        let open = Open { protocol: peers::PROTOCOL, from: ends.me, to: ends.peer, after, dry: self.dry };
        let open = SyncMessage { message: Some(Kind::Open(open)) };
        self.tally.sent(&open);
        let (outgoing, messages) = Outgoing::new(ends, BUFFER, describe);
        // The remote learns from it whose stream this is; only then is it told as the stream of somebody.
        let messages = tokio_stream::once(open).chain(messages);

        let mut client = AntiEntropyClient::new(channel).max_decoding_message_size(MAX_MESSAGE);
        let mut request = Request::new(Gathered::new(messages));
        request.set_timeout(self.limits.session);
        let mut incoming = Incoming::new(ends, client.synchronize(request).await?.into_inner(), describe);
        let theirs = self.opened(&mut incoming).await?;
        self.hear_of_own(ReplicaId(ends.peer), &theirs).await?;
        self.merge.report(ReplicaId(ends.peer), theirs.clone());

        // A remote that could not apply everything before does not have all that this replica
        // knows.
        let knowledge = (!self.dry && !pass.not_taken_there).then(|| pass.ours.clone());
        let initiator = Initiator::new(pass.after.clone(), self.limits.keys, knowledge);
        let shared =
            Shared { initiator: Mutex::new(initiator), checked: Mutex::default(), heard: Notify::new() };
        let mut pull = Pull::new(
            self.store.clone(),
            self.merge.clone(),
            ReplicaId(ends.peer),
            self.tally.clone(),
            self.dry,
        );
        let (all_taken_there, all_said) =
            tokio::try_join!(self.listen(incoming, &shared, &mut pull), self.speak(outgoing, &shared))?;
        if !all_said {
            return Err(Error::EndedEarly);
        }
        self.tally.phase("phase_2");

        pass.after = shared.lock().through().cloned();
        pass.theirs.get_or_insert(theirs);
        pass.shown.join(std::mem::take(&mut *shared.checked()).end());
        pass.not_taken_here |= pull.not_taken() > 0;
        pass.not_taken_there |= !all_taken_there;
        Ok(())
    }

    /// What `peer` knows. If it knows more of this replica's writes than the replica itself, this
    /// replica went back in time: then nothing is exchanged.
    pub(crate) async fn hear_of_own(&self, peer: ReplicaId, knowledge: &Knowledge) -> Result<(), Error> {
        self.store.others_know(peer, knowledge.get(self.store.identity().replica)).await?;
        self.store.hold().map_or(Ok(()), |hold| Err(store::Error::Held(hold).into()))
    }

    /// The remote's first message, and what it knew before anything was compared.
    async fn opened(&self, incoming: &mut Incoming<SyncMessage>) -> Result<Knowledge, Error> {
        let message = incoming.next().await?.ok_or(Error::EndedEarly)?;
        self.tally.received(&message);
        match message.message {
            Some(Kind::Opened(opened)) => Ok(Knowledge::try_from(&*opened.knowledge)?),
            _ => Err(Error::OutOfOrder("the remote's first message is not OPENED")),
        }
    }

    /// Owns the receiving half: reads until the remote ends, and stores what arrives. Returns
    /// whether the remote could apply everything.
    async fn listen(
        &self,
        mut incoming: Incoming<SyncMessage>,
        shared: &Shared,
        pull: &mut Pull,
    ) -> Result<bool, Error> {
        let all_taken = loop {
            let message = tokio::select! {
                biased;
                message = incoming.next() => message,
                // Objects that are already here go to disk together.
                () = std::future::ready(()), if pull.is_waiting() => {
                    pull.flush().await?;
                    continue;
                }
            };
            let message = match message {
                Ok(Some(message)) => message,
                Ok(None) => break true,
                Err(status) if status.code() == Code::DataLoss && shared.lock().is_complete() => break false,
                Err(status) => return Err(status.into()),
            };
            self.tally.received(&message);
            let message = Message::try_from(message)?;
            shared.checked().hear(&message);
            let stored = shared.lock().receive(message)?;
            shared.heard.notify_one();
            if let Some((key, object)) = stored {
                pull.push(key, object).await?;
            }
        };
        if !shared.lock().is_complete() {
            return Err(Error::EndedEarly);
        }
        pull.flush().await?;
        Ok(all_taken)
    }

    /// What the key holds, if another replica would accept it.
    pub async fn to_send(&self, key: &Key) -> Result<Option<Object>, Error> {
        let object = match self.store.get_with_tombstone(key).await {
            // It counts as missing: the other replica's comes here.
            Err(store::Error::Damaged { .. }) => None,
            object => object?,
        };
        Ok(object.filter(|object| self.store.may_send(key, object).is_ok()))
    }

    /// Owns the sending half, and ends it by returning. Returns whether everything was sent.
    async fn speak(&self, mut outgoing: Outgoing<SyncMessage>, shared: &Shared) -> Result<bool, Error> {
        let slice_ends = Instant::now() + self.limits.slice;
        loop {
            let next = shared.lock().next_step();
            let messages = match next {
                Next::Close => return Ok(true),
                Next::Wait => {
                    shared.heard.notified().await;
                    continue;
                }
                Next::Read { after, limit } => {
                    let heads = heads::read(&self.store, after.as_ref(), limit).await?;
                    shared.checked().say(&heads);
                    shared.lock().check(heads, Instant::now() >= slice_ends)
                }
                Next::Answer(key) => {
                    let object = self.to_send(&key).await?;
                    vec![Initiator::answer(key, object)]
                }
            };
            for message in messages {
                self.count(&message);
                if !self.send(&mut outgoing, message.into()).await {
                    // The receiving half learns why.
                    return Ok(false);
                }
            }
        }
    }

    fn count(&self, message: &Message) {
        match message {
            Message::Check { head: Some(_), .. } => self.tally.count(|report| report.checked += 1),
            Message::Check { head: None, .. } => {}
            Message::Repair { .. } => self.tally.count(|report| report.pushed += 1),
            Message::Complete { through, .. } => {
                self.tally.count(|report| report.whole = through.is_none());
                self.tally.phase("phase_1");
            }
        }
    }

    /// Whether somebody takes it.
    async fn send(&self, outgoing: &mut Outgoing<SyncMessage>, message: SyncMessage) -> bool {
        self.tally.sent(&message);
        outgoing.send(message).await.is_ok()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Initiator> {
        self.initiator.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn checked(&self) -> MutexGuard<'_, Checked> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
