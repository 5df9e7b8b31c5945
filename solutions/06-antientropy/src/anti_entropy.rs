//! The anti-entropy of one replica: begins sessions, one after another.

use std::sync::Arc;
use std::time::Duration;

use merge::{Knowledge, Merge};
use peers::{Peer, Peers};
use proto::antientropy::v1::{Open, SessionReport, SyncMessage};
use rpc::antientropy::v1::anti_entropy_server::AntiEntropyServer;
use serve::{Caller, Shutdown};
use store::{MAX_MESSAGE, ReplicaId, Store};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::Instant;
use transcript::{Ends, Incoming, Outgoing};

use crate::followed::Followed;
use crate::message::place;
use crate::pass::Passes;
use crate::service::Service;
use crate::session::{STREAM, Session};
use crate::shown::Shown;
use crate::slots::{Slot, Slots};
use crate::{Candidate, Error, MAX_SLICE, Metrics, Pass, Side, Tally, Ticker};

/// How many sessions a replica begins, and how many it answers, at once by default: each keeps the
/// keys of a slice in memory.
pub const SESSIONS: usize = 4;

/// A session in which neither side sends anything for this long has failed. A message to a slow
/// reader counts from when its sending began.
const SILENCE: Duration = Duration::from_secs(10);

/// Limits on the length and number of sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most keys of a slice; at least 1, at most [`MAX_SLICE`].
    pub keys: usize,
    /// A slice ends when its checks have taken this long, however many there are.
    pub slice: Duration,
    /// A session that is not done by then has failed.
    pub session: Duration,
    /// The most sessions to begin at once, and the most to answer at once; at least 1.
    pub sessions: usize,
}

impl Default for Limits {
    fn default() -> Self {
        let (slice, session) = (Duration::from_secs(10), Duration::from_secs(30));
        Self { keys: MAX_SLICE, slice, session, sessions: SESSIONS }
    }
}

/// The anti-entropy of one replica. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct AntiEntropy(Arc<Parts>);

struct Parts {
    store: Store,
    merge: Merge,
    peers: Peers,
    metrics: Metrics,
    limits: Limits,
    shutdown: Shutdown,
    passes: Passes,
    /// A permit for each session that this replica may begin.
    begun: Semaphore,
    /// Those that it answers.
    answered: Slots,
    /// How far it has followed others' passes.
    followed: Followed,
}

impl AntiEntropy {
    /// On `store`, whose objects are merged by `merge`, with those that `peers` knows.
    pub fn new(
        store: Store,
        merge: Merge,
        peers: Peers,
        metrics: Metrics,
        limits: Limits,
        shutdown: Shutdown,
    ) -> Self {
        let (begun, answered) = (Semaphore::new(limits.sessions), Slots::new(limits.sessions));
        let (passes, followed) = (Passes::default(), Followed::default());
        Self(Arc::new(Parts {
            store,
            merge,
            peers,
            metrics,
            limits,
            shutdown,
            passes,
            begun,
            answered,
            followed,
        }))
    }

    /// The service for `Routes::add_service`.
    pub fn server(&self) -> AntiEntropyServer<Service> {
        AntiEntropyServer::new(Service(self.clone())).max_decoding_message_size(MAX_MESSAGE)
    }

    /// One session with `peer` now, over the next slice. `dry` only compares: the same messages are
    /// sent, nobody stores anything, and the next session begins with the same slice.
    ///
    /// # Errors
    /// If the session did not end cleanly; what was stored before stays.
    pub async fn session(&self, peer: ReplicaId, dry: bool) -> Result<SessionReport, Error> {
        let tally = self.tally(Side::Initiator);
        self.run_session(peer, dry, &tally).await?;
        Ok(tally.report())
    }

    pub(crate) fn tally(&self, side: Side) -> Tally {
        Tally::new(self.0.metrics.clone(), side)
    }

    pub(crate) async fn run_session(&self, peer: ReplicaId, dry: bool, tally: &Tally) -> Result<(), Error> {
        let session = async {
            let most = self.0.limits.sessions;
            let _slot = self.0.begun.try_acquire().map_err(|_| Error::Busy(most))?;
            self.begin(peer, dry, tally).await
        };
        let ended = self.in_time(tally, session).await;
        tally.end(ended.as_ref());
        let SessionReport { pushed, pulled, .. } = tally.report();
        if ended.is_ok() && !dry && pushed + pulled > 0 {
            tracing::info!(%peer, pushed, pulled, "a session repaired what differed");
        }
        ended
    }

    async fn begin(&self, peer: ReplicaId, dry: bool, tally: &Tally) -> Result<(), Error> {
        let Parts { store, merge, peers, passes, .. } = &*self.0;
        if peer == self.me() {
            return Err(Error::Oneself(peer));
        }
        merge.check(store, peer).await?;
        let channel = peers.channel(peer).await?;
        let ends = Ends { me: self.me().0, peer: peer.0, stream: STREAM };
        let session = self.new_session(tally, dry);
        // Read before anything is compared, so that all of it is in the objects that are checked.
        let ours = merge.knowledge(store).await?;
        if dry {
            let mut pass = passes.look(peer).unwrap_or_else(|| Pass::new(ours));
            return session.run(channel, ends, &mut pass).await;
        }
        let mut taken = passes.take(peer, ours);
        session.run(channel, ends, &mut taken.pass).await?;
        if let Some(theirs) = taken.pass.learnt() {
            self.adopt(peer, &theirs, &taken.pass.shown).await?;
        }
        peers.synchronized(peer);
        Ok(())
    }

    /// Answers the session that `open` opened.
    pub(crate) async fn answer(
        &self,
        incoming: Incoming<SyncMessage>,
        outgoing: Outgoing<SyncMessage>,
        open: &Open,
        tally: &Tally,
    ) -> Result<(), Error> {
        let Parts { merge, peers, followed, .. } = &*self.0;
        let (session, initiator) = (self.new_session(tally, open.dry), ReplicaId(open.from));
        let after = place(&open.after)?;
        let answer = async {
            let goes_on = followed.goes_on(initiator, &open.after);
            let told = session.answer(incoming, outgoing, initiator, after).await?;
            if open.dry {
                return Ok(());
            }
            if let Some(knowledge) = &told.knowledge {
                session.hear_of_own(initiator, knowledge).await?;
                merge.report(initiator, knowledge.clone());
            }
            match goes_on {
                Some(mut shown) => {
                    shown.join(told.shown);
                    if let Some(knowledge) = &told.knowledge {
                        self.adopt(initiator, knowledge, &shown).await?;
                    }
                    followed.through(initiator, told.through, shown);
                }
                None => followed.lost(initiator),
            }
            peers.synchronized(initiator);
            Ok(())
        };
        let ended = self.in_time(tally, answer).await;
        if matches!(ended, Err(Error::NotTaken(_))) {
            // The initiator continues with the next slice, and this replica does not have all of
            // this one.
            followed.lost(initiator);
        }
        ended
    }

    /// Adopts what `peer` claimed to know, as far as its whole pass has `shown` it.
    async fn adopt(&self, peer: ReplicaId, said: &Knowledge, shown: &Shown) -> Result<(), Error> {
        let Parts { store, merge, .. } = &*self.0;
        match shown.bears_out(peer, said) {
            Some(believed) => {
                let merge = merge.clone();
                store.write(move |write| merge.adopt(write, &believed)).await?;
            }
            None => merge.doubt(peer),
        }
        Ok(())
    }

    /// The result of `session`, or the error that it took too long, fell silent, or that this
    /// replica shuts down.
    pub(crate) async fn in_time<T>(
        &self,
        tally: &Tally,
        session: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let limit = self.0.limits.session;
        tokio::select! {
            biased;
            () = self.0.shutdown.begun() => Err(Error::ShuttingDown),
            () = tally.silence(SILENCE) => Err(Error::Silent(SILENCE)),
            ended = tokio::time::timeout(limit, session) => ended.unwrap_or(Err(Error::Deadline(limit))),
        }
    }

    /// A peer for a session that somebody requests without naming one.
    pub(crate) async fn choose(&self) -> Result<ReplicaId, Error> {
        let mut ticker = Ticker::new(self.me(), Duration::ZERO, fastrand::u64(..));
        ticker.choose(&self.candidates().await?).ok_or(Error::NoPeer)
    }

    /// Whether the session that `caller` opens with `open` may be answered here.
    pub(crate) async fn admit(&self, caller: &Caller, open: &Open) -> Result<Slot, Error> {
        let Parts { store, merge, peers, answered, .. } = &*self.0;
        let peer = peers.check(caller, open.protocol, open.from, open.to).await?;
        merge.check(store, peer).await?;
        answered.take(peer)
    }

    fn new_session(&self, tally: &Tally, dry: bool) -> Session {
        let Parts { store, merge, limits, .. } = &*self.0;
        Session { store: store.clone(), merge: merge.clone(), tally: tally.clone(), limits: *limits, dry }
    }

    /// Runs sessions when `ticker` says so, until the shutdown begins. All its tasks have ended then.
    pub async fn run(&self, mut ticker: Ticker) {
        let mut turns = JoinSet::new();
        loop {
            tokio::select! {
                biased;
                () = self.0.shutdown.begun() => break,
                () = tokio::time::sleep(ticker.pause()) => {}
            }
            while turns.try_join_next().is_some() {}
            match self.candidates().await.map(|candidates| ticker.choose(&candidates)) {
                Ok(Some(peer)) => drop(turns.spawn(self.clone().turn(peer))),
                Ok(None) => {}
                Err(error) => tracing::error!(%error, "no session is begun, and the next one is tried"),
            }
        }
        turns.shutdown().await;
    }

    /// A session with `peer`, and more while the pass has not reached the last key and time is
    /// left.
    async fn turn(self, peer: ReplicaId) {
        let began = Instant::now();
        loop {
            match self.session(peer, false).await {
                Ok(report) if !report.whole && began.elapsed() < self.0.limits.session => {}
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(%peer, %error, "a session failed");
                    return;
                }
            }
        }
    }

    /// The other replicas, as the peer table and the failure detector know them.
    pub(crate) async fn candidates(&self) -> Result<Vec<Candidate>, Error> {
        let alive = self.0.peers.alive().await?;
        let others = self.0.peers.others().await?;
        let candidate = |peer: Peer| {
            let suspected = !alive.iter().any(|alive| alive.replica == peer.replica);
            Candidate { replica: ReplicaId(peer.replica), suspected }
        };
        Ok(others.into_iter().map(candidate).collect())
    }

    pub(crate) fn me(&self) -> ReplicaId {
        ReplicaId(self.0.peers.me().replica)
    }
}
