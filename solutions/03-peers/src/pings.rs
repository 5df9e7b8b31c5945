//! The driver: pings every peer at intervals, and gives what comes back to the table and the detectors.

use std::collections::BTreeSet;
use std::time::Duration;

use proto::peer::v1::peer_status::Health;
use proto::peer::v1::{Peer, PingRequest, PingResponse};
use rpc::peer::v1::peer_management_client::PeerManagementClient;
use serve::Shutdown;
use store::ReplicaId;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until, timeout_at};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use crate::contact::Contact;
use crate::entry::{are_two, taken};
use crate::past::has_gone_back;
use crate::{Error, PROTOCOL, Peers, Teller, retry};

/// How long a ping may take, the dial included. Longer than an interval: a peer on the other side of the
/// world is slow, not dead, and no ping waits for another one's.
const DEADLINE: Duration = Duration::from_secs(2);

/// The most pings under way at once. What is left over is pinged at the next interval.
const MAX_PINGS: usize = 64;

/// Every so many intervals the seeds are asked again, also by those who know somebody: two halves of a
/// fleet that never heard of each other would else stay two.
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

/// Pings until the shutdown begins, or this replica may not go on.
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
    // Aborts what is still under way, and waits for it to be gone.
    driver.tasks.shutdown().await;
    ended
}

struct Driver {
    peers: Peers,
    tasks: JoinSet<Done>,
    /// Whom a ping is under way to, so that a slow peer is not pinged twice at once.
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

    /// Whether this process itself was asleep: then its peers' silence is its own.
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

    /// Keeps a contact for each peer, logs whose health has changed, and tells whether nobody is alive.
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
        // Who was asked is in the table, or a seed.
        match peers.hear(Teller::Member, answer.table).await {
            Ok(merged) => peers.expelled().stand(merged.standing, peers.me().replica),
            Err(Error::Store(error)) => return Err(error.into()),
            Err(error) => tracing::error!(%error, "a peer's table was not taken in"),
        }
        Ok(())
    }
}

/// What the store cannot do now it may do in the next round, and the others are pinged all the same. Only an engine
/// that has stopped is the end.
fn goes_on(done: Result<(), Error>) -> Result<(), Error> {
    match done {
        Err(Error::Store(error)) if !matches!(error, store::Error::Engine(_)) => {
            tracing::error!(%error, "a ping could not be brought to its end, and the next one is tried");
            Ok(())
        }
        done => done,
    }
}

/// Whether a peer answered, and did not want to.
pub(crate) fn is_refusal(code: Code) -> bool {
    use Code::{AlreadyExists, FailedPrecondition, InvalidArgument, NotFound};
    use Code::{PermissionDenied, Unauthenticated, Unimplemented};
    matches!(
        code,
        AlreadyExists
            | FailedPrecondition
            | InvalidArgument
            | NotFound
            | PermissionDenied
            | Unauthenticated
            | Unimplemented
    )
}

async fn ping_peer(peers: &Peers, peer: &Peer) -> Result<(PingResponse, Duration), Error> {
    let deadline = Instant::now() + DEADLINE;
    let late = |_| Status::deadline_exceeded("no answer in time");
    let channel = timeout_at(deadline, peers.pool().channel(peer)).await.map_err(late)??;
    let request = request(peers, peer.replica).await?;
    let began = Instant::now();
    let answer = timeout_at(deadline, ping(channel, request)).await.map_err(late)??;
    match &answer.me {
        Some(me) if !are_two(me, peer) => Ok((answer, began.elapsed())),
        _ => Err(taken(peer)),
    }
}

/// Asks somebody whose channel is not kept. A seed may be anybody: it is a peer with the id 0.
pub(crate) async fn ask(peers: &Peers, peer: Peer, random: fastrand::Rng) -> Result<PingResponse, Error> {
    let request = request(peers, peer.replica).await?;
    let ask = || async {
        let channel = peers.dial().dial(&peer).await?;
        ping(channel, request.clone()).await
    };
    Ok(retry(true, Instant::now() + DEADLINE, random, ask).await?)
}

async fn request(peers: &Peers, to: u64) -> Result<PingRequest, Error> {
    let table = peers.table().entries().await?;
    Ok(PingRequest {
        protocol: PROTOCOL,
        from: Some(peers.me().clone()),
        to,
        table,
        known: peers.past().known_of(ReplicaId(to)).await?,
        went_back: has_gone_back(&peers.table().store),
    })
}

async fn ping(channel: Channel, request: PingRequest) -> Result<PingResponse, Status> {
    let mut request = Request::new(request);
    request.set_timeout(DEADLINE);
    Ok(PeerManagementClient::new(channel).ping(request).await?.into_inner())
}
