//! The replicas and the network between them, and what can be done to them.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use cluster::{Client, Network, Replica};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep};

use crate::command::{Command, Way};
use crate::doors::{Door, Doors};
use crate::event::{Standing, What};
use crate::feed::Feed;
use crate::observe::{self, Sights, Watched};
use crate::refused::Refused;
use crate::region::Region;
use crate::stage::{self, Start};

/// How often it is looked whether a process has ended by itself.
const GLANCE: Duration = Duration::from_millis(200);

/// How long the replicas may take to find each other.
const ACQUAINTANCE: Duration = Duration::from_secs(8);

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
    stages: u64,
    network: Arc<Network>,
    replicas: Vec<Member>,
    watching: JoinSet<()>,
    uncut: Arc<Mutex<()>>,
    directory: Option<PathBuf>,
}

#[derive(Debug)]
struct Member {
    region: Region,
    replica: Replica,
    standing: Standing,
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
    ) -> Result<Self, Refused> {
        let network = Arc::new(stage::network().await?);
        let (replicas, watching, uncut) = (Vec::new(), JoinSet::new(), Arc::default());
        Ok(Self {
            start,
            feed,
            doors,
            sights,
            stages: 0,
            network,
            replicas,
            watching,
            uncut,
            directory: None,
        })
    }

    /// Carries out orders until nobody can give any more.
    pub async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let mut glances = interval(GLANCE);
        loop {
            tokio::select! {
                order = orders.recv() => {
                    let Some(Order { command, answer }) = order else { return };
                    // Whoever asked may have gone.
                    let _ = answer.send(self.carry_out(&command).await);
                }
                _ = glances.tick() => self.glance().await,
            }
        }
    }

    async fn carry_out(&mut self, command: &Command) -> Result<String, Refused> {
        match command {
            Command::Stage { arguments } => self.stage(arguments).await,
            Command::Cut(way) => Ok(self.link(*way, false)),
            Command::Heal(Some(way)) => Ok(self.link(*way, true)),
            Command::Heal(None) => {
                for (from, to) in Region::ways() {
                    self.network.heal(from.id(), to.id());
                    self.tell_link(from, to);
                }
                Ok(self.note(None, "all links are open"))
            }
            Command::Rtt { a, b, ms } => {
                let latency = Duration::from_millis(u64::from(*ms)) / 2;
                for (from, to) in [(*a, *b), (*b, *a)] {
                    self.network.link(from.id(), to.id()).into_iter().for_each(|l| l.set_latency(latency));
                    self.tell_link(from, to);
                }
                Ok(self.note(None, format!("{a} - {b}: {ms} ms there and back")))
            }
            Command::Pause(region) => {
                let member = self.member(*region, Standing::Running)?;
                member.replica.pause().await?;
                Ok(self.stands(*region, Standing::Paused, "paused"))
            }
            Command::Continue(region) => {
                let member = self.member(*region, Standing::Paused)?;
                member.replica.go_on().await?;
                Ok(self.stands(*region, Standing::Running, "goes on"))
            }
            Command::Kill(region) => self.kill(*region).await,
            Command::Start(region) => {
                self.member(*region, Standing::Down)?;
                let _uncut = self.uncut.clone().lock_owned().await;
                self.start_all(&[*region]).await;
                match self.member(*region, Standing::Running) {
                    Ok(_) => Ok(format!("{region} runs")),
                    Err(_) => {
                        Err(Refused::new(format!("{region} did not come up: its last lines are on the page")))
                    }
                }
            }
            other => Err(Refused::new(format!("{other} is not done to replicas or links"))),
        }
    }

    /// Ends all, and begins anew with empty directories.
    async fn stage(&mut self, arguments: &[String]) -> Result<String, Refused> {
        self.watching.shutdown().await;
        for member in &mut self.replicas {
            self.doors.set(member.region, None);
            member.replica.kill().await?;
        }
        self.stages += 1;
        self.feed.tell(What::Stage { arguments: arguments.to_vec() });
        self.sights.forget(self.feed.now());
        self.network = Arc::new(stage::network().await?);
        Region::ways().for_each(|(from, to)| self.tell_link(from, to));
        let directory = stage::directory(&self.start.parent, self.stages, self.directory.take()).await?;
        let member = |region| Member {
            region,
            replica: stage::replica(region, &self.start.program, &self.network, arguments, &directory),
            standing: Standing::Starting,
        };
        self.replicas = Region::ALL.map(member).into();
        self.directory = Some(directory);
        let uncut = self.uncut.clone().lock_owned().await;
        let logs = self.replicas.iter().map(|member| (member.replica.id, member.replica.log().to_owned()));
        let (network, logs, cutting) = (self.network.clone(), logs.collect(), self.uncut.clone());
        let watched = Watched { stage: self.stages, network, logs, uncut: cutting };
        self.watching = observe::watch(&self.feed, &self.doors, &self.sights, watched);
        self.start_all(&Region::ALL).await;
        drop(uncut);
        let running = self.replicas.iter().filter(|member| member.standing == Standing::Running).count();
        if running == Region::ALL.len() {
            self.acquaint().await;
        }
        Ok(match running {
            3 => "3 replicas run".to_owned(),
            running => format!("{running} of 3 replicas run: the others tell why on the page"),
        })
    }

    /// Starts these, all at once. One that does not come up is shown as down, and why.
    async fn start_all(&mut self, regions: &[Region]) {
        let Self { replicas, feed, doors, network, .. } = self;
        let starting = replicas.iter_mut().filter(|member| regions.contains(&member.region)).map(|member| {
            member.standing = Standing::Starting;
            tell_standing(feed, member.region, Standing::Starting, None);
            member.come_up(feed, doors, network)
        });
        stage::join(starting.collect()).await;
    }

    /// Waits until each replica knows each other one: what is done before that says little.
    async fn acquaint(&self) {
        let deadline = Instant::now() + ACQUAINTANCE;
        for member in &self.replicas {
            while !member.replica.metrics().await.is_ok_and(|page| stage::knows_all(&page)) {
                if Instant::now() > deadline {
                    self.feed.note(None, "the replicas have not found each other yet");
                    return;
                }
                sleep(GLANCE / 4).await;
            }
        }
    }

    async fn kill(&mut self, region: Region) -> Result<String, Refused> {
        let Some(member) = self.replicas.iter_mut().find(|member| member.region == region) else {
            return Err(Refused::not_there(region));
        };
        if member.standing == Standing::Down {
            return Err(Refused::not_there(region));
        }
        member.replica.kill().await?;
        self.doors.set(region, None);
        self.network.serves(region.id(), None);
        Ok(self.stands(region, Standing::Down, "killed"))
    }

    /// Notices who has ended by itself.
    async fn glance(&mut self) {
        for member in &mut self.replicas {
            let ended = match member.standing {
                Standing::Running => member.replica.ended_by_itself().await,
                _ => Ok(None),
            };
            if let Ok(Some(why)) = ended {
                member.standing = Standing::Down;
                self.doors.set(member.region, None);
                self.network.serves(member.region.id(), None);
                tell_standing(&self.feed, member.region, Standing::Down, Some(why));
                self.feed.note(Some(member.region.id()), "ended by itself");
            }
        }
    }

    fn member(&mut self, region: Region, standing: Standing) -> Result<&mut Member, Refused> {
        let member = self.replicas.iter_mut().find(|member| member.region == region);
        let member = member.ok_or_else(|| Refused::not_there(region))?;
        if member.standing == standing {
            return Ok(member);
        }
        Err(match member.standing {
            Standing::Running => Refused::new(format!("replica {region} runs already")),
            Standing::Paused => Refused::paused(region),
            Standing::Starting | Standing::Down => Refused::not_there(region),
        })
    }

    fn stands(&mut self, region: Region, standing: Standing, text: &str) -> String {
        let member = self.replicas.iter_mut().find(|member| member.region == region);
        member.into_iter().for_each(|member| member.standing = standing);
        tell_standing(&self.feed, region, standing, None);
        self.note(Some(region), text);
        format!("{region} {text}")
    }

    fn link(&self, way: Way, up: bool) -> String {
        for (from, to) in way.directions() {
            if up {
                self.network.heal(from.id(), to.id());
            } else {
                self.network.cut(from.id(), to.id());
            }
            self.tell_link(from, to);
        }
        let (sign, what) = (if way.both { "-" } else { ">" }, if up { "open" } else { "cut" });
        self.note(None, format!("the link {} {sign} {} is {what}", way.from, way.to))
    }

    fn tell_link(&self, from: Region, to: Region) {
        let Some(link) = self.network.link(from.id(), to.id()) else { return };
        let (up, latency) = (link.is_up(), link.latency().as_secs_f64() * 1000.0);
        self.feed.tell(What::Link { from: from.id(), to: to.id(), up, latency });
    }

    fn note(&self, region: Option<Region>, text: impl Into<String>) -> String {
        let text = text.into();
        self.feed.note(region.map(Region::id), text.clone());
        text
    }
}

impl Member {
    async fn come_up(&mut self, feed: &Feed, doors: &Doors, network: &Network) {
        let started = self.replica.start(&[]).await.map_err(|error| format!("{error:#}"));
        let door = started.and_then(|()| self.door());
        let (standing, why) = match door {
            Ok(door) => {
                network.serves(self.region.id(), self.replica.grpc());
                doors.set(self.region, Some(door));
                (Standing::Running, None)
            }
            Err(why) => (Standing::Down, Some(why)),
        };
        self.standing = standing;
        tell_standing(feed, self.region, standing, why);
    }

    fn door(&self) -> Result<Door, String> {
        let addresses = self.replica.grpc().zip(self.replica.http());
        let (address, pages) = addresses.ok_or("it tells no address")?;
        Ok(Door { client: Client::new(address).map_err(|error| error.to_string())?, pages })
    }
}

fn tell_standing(feed: &Feed, region: Region, state: Standing, why: Option<String>) {
    feed.tell(What::Replica { replica: region.id(), state, why });
}
