//! The replicas and the network between them, and the actions on them.

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinSet;

use crate::command::Command;
use crate::doors::Doors;
use crate::event::What;
use crate::feed::Feed;
use crate::member::Member;
use crate::observe::{self, Sights, Uncut, Watched};
use crate::order::{Answer, Done, Order};
use crate::ready::ready;
use crate::refused::Refused;
use crate::region::Region;
use crate::stage::{self, Start};
use crate::wires::Wires;

/// How many orders may wait for a replica that does another one.
const WAITING: usize = 16;

/// Replicas and network. One task owns it, and does one thing after the other; what is done to a replica its own
/// task does. All ends when it is dropped.
#[derive(Debug)]
pub struct World {
    start: Start,
    feed: Feed,
    doors: Arc<Doors>,
    sights: Arc<Sights>,
    /// Writes a second of the steady load.
    load: watch::Sender<u32>,
    /// The number of the stage, from 1.
    stage: watch::Sender<u64>,
    wires: Wires,
    members: JoinSet<()>,
    /// Where the members take orders, in the order of the regions; none before the first stage.
    desks: Vec<mpsc::Sender<Order>>,
    watching: JoinSet<()>,
    directory: Option<PathBuf>,
}

impl World {
    /// A world without replicas: the first `stage` makes them.
    ///
    /// # Errors
    /// If there are no free ports.
    pub async fn new(
        start: Start,
        feed: Feed,
        doors: Arc<Doors>,
        sights: Arc<Sights>,
        load: watch::Sender<u32>,
    ) -> Result<Self, Refused> {
        let wires = Wires::new(stage::network().await?, &feed);
        let (members, desks, watching) = (JoinSet::new(), Vec::new(), JoinSet::new());
        let (stage, directory) = (watch::Sender::new(0), None);
        Ok(Self { start, feed, doors, sights, load, stage, wires, members, desks, watching, directory })
    }

    /// Carries out orders until nobody can give any more.
    pub async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        while let Some(order) = orders.recv().await {
            self.take(order).await;
        }
    }

    async fn take(&mut self, Order { command, answer }: Order) {
        let done = match command {
            Command::Pause(region)
            | Command::Continue(region)
            | Command::Kill(region)
            | Command::Start { at: region, .. } => match self.desks.get(region as usize) {
                Some(desk) => {
                    // It is there until the next stage, which this task begins.
                    let _ = desk.send(Order { command, answer }).await;
                    return;
                }
                None => Err(Refused::not_there(region)),
            },
            Command::Stage { arguments } => match self.stage(&arguments).await {
                Ok(started) => return self.tell_when_ready(started, answer),
                Err(refused) => Err(refused),
            },
            Command::Load { per_second } => {
                self.load.send_replace(per_second);
                self.feed.tell(What::Load { per_second });
                Ok(format!("{per_second} writes a second"))
            }
            Command::Cut(way) => Ok(self.wires.cut(way)),
            Command::Heal(Some(way)) => Ok(self.wires.heal(way)),
            Command::Heal(None) => Ok(self.wires.heal_all()),
            Command::Reset { a, b } => Ok(self.wires.reset(a, b)),
            Command::Rtt { a, b, ms } => Ok(self.wires.round_trip(a, b, ms)),
            other => Err(Refused::new(format!("{other} is not done to replicas or links"))),
        };
        // The caller may be gone.
        let _ = answer.send(done);
    }

    /// Ends all, and starts over with empty directories: gives what will come of each start.
    async fn stage(&mut self, arguments: &[String]) -> Result<Vec<oneshot::Receiver<Done>>, Refused> {
        // First: who waits for the stage before does not take its end for what came of it.
        self.stage.send_modify(|stage| *stage += 1);
        self.load.send_replace(0);
        self.watching.shutdown().await;
        self.desks.clear();
        while self.members.join_next().await.is_some() {}
        let stage = *self.stage.borrow();
        self.feed.tell(What::Stage { arguments: arguments.to_vec() });
        self.sights.forget(self.feed.now());
        self.wires = Wires::new(stage::network().await?, &self.feed);
        let directory = stage::directory(&self.start.parent, stage, self.directory.take()).await?;
        let (network, uncut) = (self.wires.network.clone(), Uncut::default());
        let replicas = Region::ALL
            .map(|region| stage::replica(region, &self.start.program, &network, arguments, &directory));
        self.directory = Some(directory);
        let logs = replicas.iter().map(|(_, replica)| (replica.id, replica.log().to_owned())).collect();
        let watched = Watched { stage, network: network.clone(), logs, uncut: uncut.clone() };
        self.watching = observe::watch(&self.feed, &self.doors, &self.sights, watched);
        let mut started = Vec::new();
        for (region, replica) in replicas {
            let member = Member::new(region, replica, &self.feed, &self.doors, &network, &uncut);
            let (desk, orders) = mpsc::channel(WAITING);
            self.members.spawn(member.run(orders));
            let (start, done) = Order::new(Command::Start { at: region, clock: 0 });
            // There is room: it is the first one.
            let _ = desk.send(start).await;
            self.desks.push(desk);
            started.push(done);
        }
        Ok(started)
    }

    /// Answers once the stage is set, and lets other orders be carried out until then: they may well be meant for
    /// a replica that does not come up.
    fn tell_when_ready(&self, started: Vec<oneshot::Receiver<Done>>, answer: Answer) {
        let (doors, feed, mut stage) = (self.doors.clone(), self.feed.clone(), self.stage.subscribe());
        tokio::spawn(async move {
            let done = tokio::select! {
                biased;
                // Also when the demo ends; nobody hears it then.
                _ = stage.changed() => Ok("another stage has taken its place".to_owned()),
                done = ready(started, &doors, &feed) => done,
            };
            let _ = answer.send(done);
        });
    }
}
