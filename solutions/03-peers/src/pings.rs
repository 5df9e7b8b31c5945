//! The driver: pings every peer at intervals, and passes the answers to the table and the
//! detectors.

use std::collections::BTreeSet;
use std::time::Duration;

use proto::peer::v1::peer_status::Health;
use proto::peer::v1::{Peer, PingResponse};
use serve::Shutdown;
use store::ReplicaId;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::contact::Contact;
use crate::ping::{ask, is_refusal, ping_peer};
use crate::{Error, Peers, Teller};

/// The most pings in progress at once. What is left over is pinged at the next interval.
const MAX_PINGS: usize = 64;

/// After how many intervals the seeds are asked again, even by replicas that know others: two
/// halves of a fleet that never heard of each other would otherwise stay apart.
const SEEDS_EVERY: u64 = 30;

/// What a task of the driver did.
enum Done {
    /// Pinged a peer.
    Peer(Peer, Result<(PingResponse, Duration), Error>),
    /// Asked a seed.
    Seed(Result<PingResponse, Error>),
    /// Looked up where the seeds are.
    Seeds(Vec<String>),
}

/// Pings until the shutdown begins, or this replica must stop.
pub async fn run(peers: &Peers, shutdown: &Shutdown) -> Result<(), Error> {
    let mut driver = Driver {
        peers: peers.clone(),
        tasks: JoinSet::new(),
        under_way: BTreeSet::new(),
        random: fastrand::Rng::with_seed(peers.me().replica),
        round: 0,
        told: false,
    };
    let ended = driver.run(shutdown).await;
    // Aborts what is still in progress, and waits for it to be gone.
    driver.tasks.shutdown().await;
    ended
}

struct Driver {
    peers: Peers,
    tasks: JoinSet<Done>,
    /// Whom a ping is in progress to, so that a slow peer is not pinged twice at once.
    under_way: BTreeSet<ReplicaId>,
    random: fastrand::Rng,
    round: u64,
    /// Whether it was logged that this replica went back in time.
    told: bool,
}

impl Driver {
    async fn run(&mut self, shutdown: &Shutdown) -> Result<(), Error> {
        let peers = self.peers.clone();
        let interval = peers.settings().interval;
        let mut due = Instant::now();
        loop {
            tokio::select! {
                biased;
                () = shutdown.begun() => return Ok(()),
                error = peers.expelled().known() => return Err(error),
                () = sleep_until(due) => {
                    self.wake(due, interval);
                    goes_on(self.begin_round().await)?;
                    // Replicas that were started together do not stay in step.
                    due = Instant::now() + interval.mul_f64(0.9 + 0.2 * self.random.f64());
                }
                Some(done) = self.tasks.join_next() => match done {
                    Ok(done) => goes_on(self.take(done).await)?,
                    Err(error) => tracing::error!(%error, "a ping ended without a result"),
                },
            }
        }
    }

    /// Whether this process itself was suspended: then its peers' silence is its own.
    fn wake(&self, due: Instant, interval: Duration) {
        let late = due.elapsed();
        if late > interval {
            tracing::warn!(?late, "this process did not run for a while: its peers are given that time");
            self.peers.contacts().values_mut().for_each(|contact| contact.detector.slept(late));
        }
    }

    async fn begin_round(&mut self) -> Result<(), Error> {
        if let Some(hold) = self.peers.table().store.hold()
            && !std::mem::replace(&mut self.told, true)
        {
            tracing::error!("{hold}");
        }
        let others = self.peers.others().await?;
        self.peers.pool().keep(&others);
        let lonely = self.watch(&others);
        for peer in others {
            let replica = ReplicaId(peer.replica);
            if self.tasks.len() < MAX_PINGS && self.under_way.insert(replica) {
                let peers = self.peers.clone();
                self.tasks.spawn(async move {
                    let outcome = ping_peer(&peers, &peer).await;
                    Done::Peer(peer, outcome)
                });
            }
        }
        if lonely || self.round.is_multiple_of(SEEDS_EVERY) {
            let seeds = self.peers.settings().seeds.clone();
            self.tasks.spawn(async move { Done::Seeds(seeds.addresses().await) });
        }
        self.round += 1;
        Ok(())
    }

    /// Keeps a contact for each peer, logs changes of health, and says whether nobody is alive.
    fn watch(&self, others: &[Peer]) -> bool {
        let now = self.peers.now();
        let mut contacts = self.peers.contacts();
        contacts.retain(|replica, _| others.iter().any(|peer| peer.replica == replica.0));
        let mut lonely = true;
        for peer in others {
            let contact = contacts
                .entry(ReplicaId(peer.replica))
                .or_insert_with(|| Contact::new(now, self.peers.settings().interval));
            let health = contact.health(now);
            if health != contact.logged {
                let (phi, complaint) = (contact.detector.phi(now), contact.complaint.as_deref());
                let phi = format_args!("{phi:.1}");
                tracing::info!(peer = peer.replica, ?health, %phi, complaint, "a peer's health has changed");
                contact.logged = health;
            }
            lonely &= health != Health::Alive;
        }
        lonely
    }

    async fn take(&mut self, done: Done) -> Result<(), Error> {
        match done {
            Done::Peer(peer, outcome) => {
                self.under_way.remove(&ReplicaId(peer.replica));
                self.peers.metrics().pinged(&outcome);
                self.take_answer(&peer, outcome).await
            }
            Done::Seed(Ok(answer)) => self.merge(answer).await,
            Done::Seed(Err(error)) => {
                tracing::info!(%error, "a seed did not help");
                self.peers.expelled().heed(&error);
                Ok(())
            }
            Done::Seeds(addresses) => {
                for address in addresses {
                    if self.tasks.len() < MAX_PINGS {
                        let (peers, random) = (self.peers.clone(), self.random.fork());
                        let seed = Peer { address, ..Peer::default() };
                        self.tasks.spawn(async move { Done::Seed(ask(&peers, seed, random).await) });
                    }
                }
                Ok(())
            }
        }
    }

    async fn take_answer(
        &self,
        peer: &Peer,
        outcome: Result<(PingResponse, Duration), Error>,
    ) -> Result<(), Error> {
        let now = self.peers.now();
        let note = |act: &dyn Fn(&mut Contact)| {
            self.peers.contacts().get_mut(&ReplicaId(peer.replica)).map(act);
        };
        match outcome {
            Ok((answer, round_trip)) => {
                note(&|contact| contact.answered(now, round_trip));
                self.merge(answer).await
            }
            Err(error) if is_refusal(error.code()) => {
                note(&|contact| contact.refused(now, &error));
                self.peers.expelled().heed(&error);
                Ok(())
            }
            Err(error) => {
                tracing::debug!(peer = peer.replica, %error, "a ping failed");
                Ok(())
            }
        }
    }

    async fn merge(&self, answer: PingResponse) -> Result<(), Error> {
        let peers = &self.peers;
        peers.past().hear_answer(&peers.table().store, peers.me(), &answer).await?;
        // The replica that was asked is in the table, or a seed.
        match peers.hear(Teller::Member, answer.table).await {
            Ok(merged) => peers.expelled().stand(merged.standing, peers.me().replica),
            Err(Error::Store(error)) => return Err(error.into()),
            Err(error) => tracing::error!(%error, "a peer's table was not taken in"),
        }
        Ok(())
    }
}

/// What the store cannot do now it may do in the next round, and the others are still pinged. Only
/// a stopped engine is the end.
fn goes_on(done: Result<(), Error>) -> Result<(), Error> {
    match done {
        Err(Error::Store(error)) if !matches!(error, store::Error::Engine(_)) => {
            tracing::error!(%error, "a ping could not be brought to its end, and the next one is tried");
            Ok(())
        }
        done => done,
    }
}
