//! The replicas and the network between them, and what can be done to them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep};

use crate::command::Command;
use crate::doors::Doors;
use crate::event::What;
use crate::feed::Feed;
use crate::member::Member;
use crate::observe::{self, Sights, Watched};
use crate::refused::Refused;
use crate::region::Region;
use crate::stage::{self, Start};
use crate::wires::Wires;

/// How often it is looked whether a process has ended by itself.
const GLANCE: Duration = Duration::from_millis(200);

/// How long the replicas may take to find each other.
const ACQUAINTANCE: Duration = Duration::from_secs(8);

/// How often it is looked whether they have.
const SOON: Duration = Duration::from_millis(50);

/// A command, and where what came of it is told.
#[derive(Debug)]
pub struct Order {
    /// What is to be done.
    pub command: Command,
    /// What came of it.
    pub answer: oneshot::Sender<Result<String, Refused>>,
}

/// Replicas and network. One task owns it, and does one thing after the other. All ends when it is dropped.
#[derive(Debug)]
pub struct World {
    start: Start,
    feed: Feed,
    doors: Arc<Doors>,
    sights: Arc<Sights>,
    /// Writes a second of the steady load.
    load: watch::Sender<u32>,
    stages: u64,
    wires: Wires,
    /// In the order of the regions; none before the first stage.
    members: Vec<Member>,
    watching: JoinSet<()>,
    uncut: Arc<Mutex<()>>,
    directory: Option<PathBuf>,
}

impl World {
    /// A world without replicas: the first `stage` makes them.
    ///
    /// # Errors
    /// Where there are no free ports.
    pub async fn new(
        start: Start,
        feed: Feed,
        doors: Arc<Doors>,
        sights: Arc<Sights>,
        load: watch::Sender<u32>,
    ) -> Result<Self, Refused> {
        let wires = Wires::new(stage::network().await?, &feed);
        let (members, watching, uncut) = (Vec::new(), JoinSet::new(), Arc::default());
        let (stages, directory) = (0, None);
        Ok(Self { start, feed, doors, sights, load, stages, wires, members, watching, uncut, directory })
    }

    /// Carries out orders until nobody can give any more.
    pub async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let mut glances = interval(GLANCE);
        glances.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                order = orders.recv() => {
                    let Some(Order { command, answer }) = order else { return };
                    // Whoever asked may have gone.
                    let _ = answer.send(self.carry_out(&command).await);
                }
                _ = glances.tick() => {
                    for member in &mut self.members {
                        member.glance().await;
                    }
                }
            }
        }
    }

    async fn carry_out(&mut self, command: &Command) -> Result<String, Refused> {
        match command {
            Command::Stage { arguments } => self.stage(arguments).await,
            Command::Load { per_second } => {
                self.load.send_replace(*per_second);
                self.feed.tell(What::Load { per_second: *per_second });
                Ok(format!("{per_second} writes a second"))
            }
            Command::Cut(way) => Ok(self.wires.cut(*way)),
            Command::Heal(Some(way)) => Ok(self.wires.heal(*way)),
            Command::Heal(None) => Ok(self.wires.heal_all()),
            Command::Rtt { a, b, ms } => Ok(self.wires.round_trip(*a, *b, *ms)),
            Command::Pause(region) => self.member(*region)?.pause().await,
            Command::Continue(region) => self.member(*region)?.go_on().await,
            Command::Kill(region) => self.member(*region)?.kill().await,
            Command::Start(region) => {
                let _uncut = self.uncut.clone().lock_owned().await;
                self.member(*region)?.start().await
            }
            other => Err(Refused::new(format!("{other} is not done to replicas or links"))),
        }
    }

    fn member(&mut self, region: Region) -> Result<&mut Member, Refused> {
        let member = self.members.iter_mut().find(|member| member.region() == region);
        member.ok_or_else(|| Refused::not_there(region))
    }

    /// Ends all, and begins anew with empty directories.
    async fn stage(&mut self, arguments: &[String]) -> Result<String, Refused> {
        self.load.send_replace(0);
        self.watching.shutdown().await;
        for member in self.members.drain(..) {
            member.end().await;
        }
        self.stages += 1;
        self.feed.tell(What::Stage { arguments: arguments.to_vec() });
        self.sights.forget(self.feed.now());
        self.wires = Wires::new(stage::network().await?, &self.feed);
        let directory = stage::directory(&self.start.parent, self.stages, self.directory.take()).await?;
        let network = &self.wires.network;
        self.members = Region::ALL
            .map(|region| stage::replica(region, &self.start.program, network, arguments, &directory))
            .map(|(region, replica)| Member::new(region, replica, &self.feed, &self.doors, network))
            .into();
        self.directory = Some(directory);
        let uncut = self.uncut.clone().lock_owned().await;
        let replicas = self.members.iter().map(Member::replica);
        let watched = Watched {
            stage: self.stages,
            network: network.clone(),
            logs: replicas.map(|replica| (replica.id, replica.log().to_owned())).collect(),
            uncut: self.uncut.clone(),
        };
        self.watching = observe::watch(&self.feed, &self.doors, &self.sights, watched);
        if let [us, de, sg] = self.members.as_mut_slice() {
            // One that does not come up is shown as down; the demo goes on.
            let _ = tokio::join!(us.start(), de.start(), sg.start());
        }
        drop(uncut);
        match self.members.iter().filter(|member| member.runs()).count() {
            3 => {
                self.acquaint().await;
                Ok("3 replicas run".to_owned())
            }
            running => {
                Ok(format!("{running} of 3 replicas run: the page shows the last lines of the others"))
            }
        }
    }

    /// Waits until each replica knows each other one: what is done before that shows little.
    async fn acquaint(&self) {
        let deadline = Instant::now() + ACQUAINTANCE;
        for member in &self.members {
            while !member.replica().metrics().await.is_ok_and(|page| stage::knows_all(&page)) {
                if Instant::now() > deadline {
                    return self.feed.note(None, "the replicas have not found each other yet");
                }
                sleep(SOON).await;
            }
        }
    }
}
