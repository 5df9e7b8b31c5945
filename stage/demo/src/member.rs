//! One replica of the demo: its process, its state, and its addresses.

use std::sync::Arc;
use std::time::Duration;

use cluster::{Network, Replica};
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use world::Client;

use crate::command::Command;
use crate::doors::{Door, Doors};
use crate::event::{Standing, What};
use crate::feed::Feed;
use crate::observe::Uncut;
use crate::order::{Answer, Order};
use crate::refused::Refused;
use crate::region::Region;

/// How often it is looked whether the process has ended by itself.
const GLANCE: Duration = Duration::from_millis(200);

/// A replica of the demo. A task of its own carries out what is done to it: a start takes as long as the process
/// needs, and nothing else waits for it.
#[derive(Debug)]
pub(crate) struct Member {
    region: Region,
    replica: Replica,
    standing: Standing,
    feed: Feed,
    doors: Arc<Doors>,
    network: Arc<Network>,
    uncut: Uncut,
}

impl Member {
    /// A replica that does not run yet.
    pub(crate) fn new(
        region: Region,
        replica: Replica,
        feed: &Feed,
        doors: &Arc<Doors>,
        network: &Arc<Network>,
        uncut: &Uncut,
    ) -> Self {
        let (feed, doors, network, uncut) = (feed.clone(), doors.clone(), network.clone(), uncut.clone());
        Self { region, replica, standing: Standing::Down, feed, doors, network, uncut }
    }

    /// Carries out orders until nobody can give any more, and ends it then without a word: all starts over.
    pub(crate) async fn run(mut self, mut orders: mpsc::Receiver<Order>) {
        let mut glances = interval(GLANCE);
        glances.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                order = orders.recv() => {
                    let Some(Order { command, answer }) = order else { break };
                    let done = match command {
                        Command::Start { clock, .. } => self.start(clock, &mut orders).await,
                        Command::Pause(_) => self.pause().await,
                        Command::Continue(_) => self.go_on().await,
                        Command::Kill(_) => self.kill().await,
                        other => Err(Refused::new(format!("{other} is not done to a replica"))),
                    };
                    // The caller may be gone.
                    let _ = answer.send(done);
                }
                _ = glances.tick() => self.glance().await,
            }
        }
        self.doors.set(self.region, None);
        // What cannot be waited for is killed once more when it is dropped.
        let _ = self.replica.kill().await;
    }

    /// Starts it, with the directory that it has and a clock that is so many seconds wrong, and answers orders
    /// meanwhile. Where it does not come up it is shown as down, and why.
    async fn start(&mut self, clock: i64, orders: &mut mpsc::Receiver<Order>) -> Result<String, Refused> {
        match self.standing {
            Standing::Paused => return Err(Refused::paused(self.region)),
            Standing::Running => return Err(Refused::new(format!("replica {} runs already", self.region))),
            Standing::Starting | Standing::Down => self.stands(Standing::Starting, None),
        }
        let wrong: Vec<_> = (clock != 0).then(|| format!("--clock-offset={clock}")).into_iter().collect();
        let uncut = self.uncut.clone().read_owned().await;
        let started = tokio::select! {
            started = self.replica.start(&wrong) => started.map_err(|error| format!("{error:#}")),
            killed = until_killed(self.region, orders) => {
                if let Some(answer) = killed {
                    let _ = answer.send(self.kill().await);
                }
                return Err(Refused::new(format!("{} was killed before it was ready", self.region)));
            }
        };
        drop(uncut);
        match started.and_then(|()| self.door()) {
            Ok(door) => {
                self.network.serves(self.region.id(), self.replica.grpc());
                self.doors.set(self.region, Some(door));
                self.stands(Standing::Running, None);
                Ok(self.note("runs"))
            }
            Err(why) => {
                self.stands(Standing::Down, Some(why));
                self.note("did not come up");
                Err(Refused::new(format!("{} did not come up: the page shows its last lines", self.region)))
            }
        }
    }

    /// Suspends it.
    async fn pause(&mut self) -> Result<String, Refused> {
        match self.standing {
            Standing::Running => self.replica.pause().await?,
            Standing::Paused => return Err(Refused::paused(self.region)),
            Standing::Starting | Standing::Down => return Err(Refused::not_there(self.region)),
        }
        self.stands(Standing::Paused, None);
        Ok(self.note("is paused"))
    }

    /// Lets it go on.
    async fn go_on(&mut self) -> Result<String, Refused> {
        match self.standing {
            Standing::Paused => self.replica.go_on().await?,
            Standing::Running => return Err(Refused::new(format!("replica {} is not paused", self.region))),
            Standing::Starting | Standing::Down => return Err(Refused::not_there(self.region)),
        }
        self.stands(Standing::Running, None);
        Ok(self.note("goes on"))
    }

    /// Ends it at once.
    async fn kill(&mut self) -> Result<String, Refused> {
        if self.standing == Standing::Down {
            return Err(Refused::not_there(self.region));
        }
        self.replica.kill().await?;
        self.is_gone(None);
        Ok(self.note("is killed"))
    }

    /// Notices if it has ended by itself.
    async fn glance(&mut self) {
        // If the system does not say, it will the next time.
        if self.standing == Standing::Running
            && let Ok(Some(why)) = self.replica.ended_by_itself().await
        {
            self.is_gone(Some(why));
            self.note("ended by itself");
        }
    }

    fn is_gone(&mut self, why: Option<String>) {
        self.doors.set(self.region, None);
        self.network.serves(self.region.id(), None);
        self.stands(Standing::Down, why);
    }

    fn stands(&mut self, standing: Standing, why: Option<String>) {
        self.standing = standing;
        self.feed.tell(What::Replica { replica: self.region.id(), state: standing, why });
    }

    fn note(&self, text: &str) -> String {
        self.feed.note(Some(self.region.id()), text);
        format!("{} {text}", self.region)
    }

    fn door(&self) -> Result<Door, String> {
        let addresses = self.replica.grpc().zip(self.replica.http());
        let (address, pages) = addresses.ok_or("it tells no address")?;
        Ok(Door { client: Client::new(address).map_err(|error| error.to_string())?, pages })
    }
}

/// Answers orders for a replica that starts, until it is to be killed: then who is to be told. `None` where nobody
/// can give orders any more.
async fn until_killed(region: Region, orders: &mut mpsc::Receiver<Order>) -> Option<Answer> {
    while let Some(Order { command, answer }) = orders.recv().await {
        if matches!(command, Command::Kill(_)) {
            return Some(answer);
        }
        let _ = answer.send(Err(Refused::starting(region)));
    }
    None
}
