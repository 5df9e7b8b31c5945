//! The demo as a whole: dispatches commands.

use std::sync::Arc;

use tokio::sync::futures::Notified;
use tokio::sync::{Mutex, Notify, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use world::facts::Outcome;

use crate::command::Command;
use crate::doors::Doors;
use crate::event::{Caption, Standing, What};
use crate::feed::Feed;
use crate::load;
use crate::observe::Sights;
use crate::order::Order;
use crate::play::{self, Audience, Unfinished};
use crate::player::Failed;
use crate::refused::Refused;
use crate::region::Region;
use crate::scenarios;
use crate::script::{Line, Script};
use crate::stage::Start;
use crate::world::World;

/// How many commands may wait for those before them.
const WAITING: usize = 16;

/// Carries out commands. Clones are the same demo.
#[derive(Clone, Debug)]
pub struct Demo(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    feed: Feed,
    sights: Arc<Sights>,
    doors: Arc<Doors>,
    orders: mpsc::Sender<Order>,
    /// The scenario or script that is played, or was the last: there is one at a time.
    playing: Mutex<Option<JoinHandle<()>>>,
    go_on: Notify,
}

impl Demo {
    /// A demo without replicas: the first command is `stage`. `mine`: the exercises that are open, for an
    /// attendee's own code.
    ///
    /// # Errors
    /// If there are no free ports.
    pub async fn new(start: Start, mine: Option<Vec<String>>) -> Result<Self, Refused> {
        let feed = Feed::new(mine);
        let (doors, sights) = (Arc::new(Doors::default()), Arc::new(Sights::default()));
        let (orders, ordered) = mpsc::channel(WAITING);
        let (load, rate) = watch::channel(0);
        let world = World::new(start, feed.clone(), doors.clone(), sights.clone(), load).await?;
        tokio::spawn(world.run(ordered));
        tokio::spawn(load::run(feed.clone(), doors.clone(), rate));
        let (playing, go_on) = (Mutex::default(), Notify::new());
        Ok(Self(Arc::new(Parts { feed, sights, doors, orders, playing, go_on })))
    }

    /// All that happens.
    pub fn feed(&self) -> &Feed {
        &self.0.feed
    }

    /// The time since which each replica was looked at, in milliseconds.
    pub fn looked(&self) -> f64 {
        self.0.sights.looked()
    }

    /// Ends when somebody says `next`.
    pub fn next(&self) -> Notified<'_> {
        self.0.go_on.notified()
    }

    /// Does what a person says, and answers in a line.
    ///
    /// # Errors
    /// If it can't be done now, or if it is not as expected.
    pub async fn act(&self, command: Command) -> Result<String, Refused> {
        match command {
            Command::Scenario(name) => self.scenario(name).await,
            Command::Stop => {
                self.stop(&mut *self.0.playing.lock().await).await;
                Ok("nothing is played".to_owned())
            }
            Command::Next => {
                if !self.feed().look(|state| state.caption.as_ref().is_some_and(|caption| caption.holds)) {
                    return Err(Refused::new("nothing waits for next"));
                }
                self.0.go_on.notify_waiters();
                Ok("it goes on".to_owned())
            }
            Command::Stage { .. } => {
                self.stop(&mut *self.0.playing.lock().await).await;
                self.carry_out(command).await
            }
            Command::Hold => Err(Refused::new("only a script can hold: a person may wait without a word")),
            Command::Wait { .. } | Command::WaitUntil(_) | Command::Expect { .. } => {
                let lines = vec![Line { number: 1, command }];
                let script = Script { name: String::new(), title: String::new(), lines };
                play::play(self, script, Audience::Nobody)
                    .await
                    .map_err(|failed| Refused::new(failed.instead()))?;
                Ok("it is so".to_owned())
            }
            command => self.carry_out(command).await,
        }
    }

    /// Does what a line of a script says, or a person.
    ///
    /// # Errors
    /// If it can't be done now.
    pub async fn carry_out(&self, command: Command) -> Result<String, Refused> {
        match command {
            Command::Put { at, key, value } => self.write(at, &key, Some(&value)).await,
            Command::Delete { at, key } => self.write(at, &key, None).await,
            Command::Say { text } => {
                let scenario = Some("script".to_owned());
                self.feed().tell(What::Caption(Caption { scenario, text, ..Caption::default() }));
                Ok("said".to_owned())
            }
            command => {
                let gone = || Refused::new("the demo ends");
                let (order, answered) = Order::new(command);
                self.0.orders.send(order).await.map_err(|_| gone())?;
                answered.await.map_err(|_| gone())?
            }
        }
    }

    /// Plays a script to its end, replacing the current one.
    ///
    /// # Errors
    /// The line that failed; or somebody has ended it, as `stop`, `stage` and the next script do.
    pub async fn play(&self, script: Script, audience: Audience) -> Result<(), Unfinished> {
        Ok(self.begin(script, audience).await.await.map_err(|_| Unfinished::Ended)??)
    }

    async fn scenario(&self, name: &str) -> Result<String, Refused> {
        let script = scenarios::script(name);
        let script = script.ok_or_else(|| Refused::new(format!("there is no scenario {name}")))?;
        let script = script.map_err(|mistake| Refused::new(mistake.to_string()))?;
        let title = script.title.clone();
        // The caption says how it failed.
        drop(self.begin(script, Audience::Page).await);
        Ok(format!("plays: {title}"))
    }

    /// Ends the current script, and plays this one. Its result never arrives if somebody ends it.
    async fn begin(&self, script: Script, audience: Audience) -> oneshot::Receiver<Result<(), Failed>> {
        let (ended, end) = oneshot::channel();
        // Held until the new one has begun: two scripts started at once play one after another.
        let mut playing = self.0.playing.lock().await;
        self.stop(&mut playing).await;
        let demo = self.clone();
        *playing = Some(tokio::spawn(async move {
            let _ = ended.send(play::play(&demo, script, audience).await);
        }));
        end
    }

    async fn stop(&self, playing: &mut Option<JoinHandle<()>>) {
        if let Some(task) = playing.take() {
            task.abort();
            // Waited for, so that it does not set another caption. Its error says that it was
            // aborted.
            let _ = task.await;
        }
        self.feed().tell(What::Caption(Caption::default()));
    }

    async fn write(&self, at: Region, key: &str, value: Option<&str>) -> Result<String, Refused> {
        match self.feed().look(|state| state.replica(at).map(|replica| replica.state)) {
            Some(Standing::Starting) => return Err(Refused::starting(at)),
            Some(Standing::Paused) => return Err(Refused::paused(at)),
            Some(Standing::Running | Standing::Down) | None => {}
        }
        let door = self.0.doors.of(at).ok_or_else(|| Refused::not_there(at))?;
        let mut client = door.client;
        let done = match value {
            Some(value) => format!("put {key} {value}"),
            None => format!("delete {key}"),
        };
        match client.write(key, value).await {
            Outcome::Acknowledged(version) => {
                self.feed().note(Some(at.id()), format!("{done}, {version}"));
                Ok(format!("{key} {version}{}", if value.is_none() { " deleted" } else { "" }))
            }
            Outcome::Nothing => Ok(format!("{at} holds no {key}: there is nothing to delete")),
            Outcome::Unknown(reason) => {
                self.feed().note(Some(at.id()), format!("{done}: not acknowledged ({reason})"));
                Err(Refused::new(format!("{at} did not acknowledge it ({reason}): it may be written or not")))
            }
        }
    }
}
