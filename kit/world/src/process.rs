//! A replica's process: a runtime of its own on this thread, in virtual time.
//!
//! So a process that is killed is gone, with every task, wherever each of them waited; one that stands still is not
//! polled, and its connections stay; and its tasks can be counted.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;
use tokio::time::{Instant, advance, sleep_until, timeout};
use tonic::service::Routes;

use crate::client::Client;
use crate::facts::{Data, Loss, Vector};
use crate::polls::Polls;
use crate::program::{Account, Failure, Place, Program, Started};

/// How long, on its own clock, a process may take to say what it holds. It says so at once, or never.
const PATIENCE: Duration = Duration::from_secs(1);

/// A runtime whose time is what it is told, and whose random choices come from `seed`. It may have to stop when the
/// `polls` are over.
pub fn runtime(seed: u64, polls: Option<Polls>) -> std::io::Result<Runtime> {
    let mut builder = Builder::new_current_thread();
    builder.enable_time().start_paused(true);
    #[cfg(tokio_unstable)]
    {
        builder.rng_seed(tokio::runtime::RngSeed::from_bytes(&seed.to_le_bytes()));
        if let Some(polls) = polls {
            builder.event_interval(1).on_after_task_poll(move |_| polls.count());
        }
    }
    #[cfg(not(tokio_unstable))]
    let _ = (seed, polls);
    builder.build()
}

/// A process that runs, or stands still.
pub struct Process {
    // In this order: what was started may hold what must not outlive the runtime.
    started: Option<Parts>,
    runtime: Runtime,
    /// Where it may die between two polls.
    polls: Option<Polls>,
    /// When it was started, and what its own clock showed then.
    began: (Duration, Instant),
    stands_still: bool,
}

struct Parts {
    routes: Routes,
    account: Arc<dyn Account>,
    shutdown: serve::Shutdown,
    main: JoinHandle<Result<(), Failure>>,
}

impl Process {
    /// Starts a process at `now`, and gives its routes to `serve` within its runtime.
    ///
    /// # Errors
    /// Where it does not start, with its reason.
    pub fn start(
        program: Arc<dyn Program>,
        place: Place,
        now: Duration,
        polls: Option<Polls>,
        serve: impl FnOnce(Routes),
    ) -> Result<Self, String> {
        let runtime = runtime(place.seed, polls.clone()).map_err(|error| error.to_string())?;
        let (began, started) = runtime.block_on(async {
            let began = Instant::now();
            let starting = tokio::spawn(async move { program.start(place).await });
            (began, timeout(PATIENCE, starting).await)
        });
        let started = started.map_err(|_| "it does not start".to_owned())?;
        let started = started.map_err(|_| "it panicked at its start".to_owned())?;
        let Started { routes, background, shutdown, account } = started.map_err(|error| error.to_string())?;
        let main = {
            let _within = runtime.enter();
            serve(routes.clone());
            tokio::spawn(background)
        };
        let parts = Parts { routes, account, shutdown, main };
        Ok(Self { started: Some(parts), runtime, polls, began: (now, began), stands_still: false })
    }

    /// Lets it run until `now`, unless it stands still.
    pub fn run_until(&mut self, now: Duration) {
        if self.stands_still {
            return;
        }
        let until = self.own(now);
        self.runtime.block_on(async {
            match &self.polls {
                Some(polls) => drop(polls.until_over(sleep_until(until)).await),
                None => sleep_until(until).await,
            }
        });
    }

    /// It dies after so many more polls of its tasks.
    pub fn die_after(&mut self, polls: u64) {
        self.polls.iter().for_each(|left| left.leave(polls));
    }

    /// Whether it is to be polled no more.
    pub fn has_died(&self) -> bool {
        self.polls.as_ref().is_some_and(Polls::are_over)
    }

    pub fn pause(&mut self) {
        self.stands_still = true;
    }

    /// It goes on at `now`. What should have happened meanwhile is late, all of it at once.
    pub fn go_on(&mut self, now: Duration) {
        if std::mem::take(&mut self.stands_still) {
            let until = self.own(now);
            self.runtime.block_on(async {
                let late = until.saturating_duration_since(Instant::now());
                advance(late).await;
            });
        }
    }

    pub fn stands_still(&self) -> bool {
        self.stands_still
    }

    /// Tells it to end.
    pub fn stop(&self) {
        self.started.iter().for_each(|started| started.shutdown.begin());
    }

    /// Whether nothing of it is to be waited for.
    pub fn has_ended(&self) -> bool {
        self.stands_still || self.started.as_ref().is_none_or(|started| started.main.is_finished())
    }

    /// How it ended by itself, where it has.
    pub fn ended(&mut self) -> Option<Result<(), String>> {
        let main = &mut self.started.as_mut()?.main;
        if !main.is_finished() {
            return None;
        }
        Some(match self.runtime.block_on(main) {
            Ok(ended) => ended.map_err(|error| error.to_string()),
            Err(_) => Err("it panicked".to_owned()),
        })
    }

    /// What it says that it knows and what it holds at this moment; None where it does not say.
    pub fn sight(&mut self) -> Option<(Vector, Data)> {
        let Parts { routes, account, .. } = self.started.as_ref()?;
        let (routes, account) = (routes.clone(), account.clone());
        // What is read after what it knows is at least as new.
        let look = async move {
            let knows = account.knows().await;
            let data = Client::within(routes).data().await.ok()?;
            Some((knows, data))
        };
        self.runtime.block_on(async {
            let look = tokio::spawn(look);
            timeout(PATIENCE, look).await.ok()?.ok()?
        })
    }

    /// What it keeps as lost at this moment; None where it does not say.
    pub fn lost(&mut self) -> Option<Vec<Loss>> {
        let account = self.started.as_ref()?.account.clone();
        self.runtime.block_on(async {
            let look = tokio::spawn(async move { account.lost().await });
            timeout(PATIENCE, look).await.ok()?.ok()
        })
    }

    /// Why it is no part of the fleet any more, where it says so.
    pub fn withdrawn(&self) -> Option<String> {
        self.started.as_ref()?.account.withdrawn()
    }

    /// How many of its tasks have not ended.
    pub fn tasks(&self) -> usize {
        self.runtime.metrics().num_alive_tasks()
    }

    /// Lets go of what was started, as the end of a `main` does: tasks that are there a while later are left over.
    pub fn let_go(&mut self) {
        let _within = self.runtime.enter();
        self.started = None;
    }

    /// What its own clock shows at `now`.
    fn own(&self, now: Duration) -> Instant {
        let (began, own) = self.began;
        own + (now - began)
    }
}
