//! A fleet: its replicas with their disks and clocks, the network between them, and the time of all.

mod acts;
mod looks;
mod member;
mod writes;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use net::Network;
use tokio::runtime::Runtime;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use crate::action::Action;
use crate::excuses::Excuses;
use crate::facts::Write;
use crate::hearing;
use crate::numbers::Numbers;
use crate::polls::Polls;
use crate::process::{Process, runtime};
use crate::program::{Dialer, Place, Program, Settings, address_of};
use crate::schedule::{Latency, Schedule};
pub use member::LOSABLE;
use member::Member;

/// Each runtime in turn has so much time, the replicas in another order each time. A message may be late by so much.
const TICK: Duration = Duration::from_millis(5);

/// How long a process may take to end in good order.
const GRACE: Duration = Duration::from_secs(2);

/// The place on the network where clients are.
const CLIENTS: u64 = 0;

/// All replicas of a run.
pub struct Fleet {
    // Processes end before what they live on.
    members: BTreeMap<u64, Member>,
    writing: JoinSet<Write>,
    network: Network,
    /// Where clients and the network run.
    home: Runtime,
    home_began: Instant,
    now: Duration,
    program: Arc<dyn Program>,
    settings: Settings,
    numbers: Numbers,
    latencies: Vec<Latency>,
    seed: u64,
    random: Rng,
    /// How many replicas there were at the beginning.
    first: u64,
    /// All have been told to end.
    ends: bool,
    /// Whether a process may have to die between two polls.
    dies_at_polls: bool,
    /// Processes that ended by themselves, or did not end when they were told to.
    pub ended: Vec<(u64, String)>,
    /// What explains complaints.
    pub excuses: Excuses,
}

impl Fleet {
    /// A fleet whose replicas have not been started.
    ///
    /// # Errors
    /// Where the system gives no runtime.
    pub fn new(program: Arc<dyn Program>, seed: u64, schedule: &Schedule) -> std::io::Result<Self> {
        fastrand::seed(seed);
        let numbers = schedule.numbers;
        hearing::of(numbers);
        let home = runtime(seed, None)?;
        let home_began = home.block_on(async { Instant::now() });
        let network = {
            let _within = home.enter();
            Network::new()
        };
        let fleet = Self {
            members: BTreeMap::new(),
            writing: JoinSet::new(),
            network,
            home,
            home_began,
            now: Duration::ZERO,
            program,
            settings: Settings {
                counters_after: numbers.after,
                ..Settings::new(schedule.ways, schedule.limits)
            },
            numbers,
            latencies: schedule.latencies.clone(),
            seed,
            random: Rng::with_seed(seed),
            first: schedule.replicas,
            ends: false,
            ended: Vec::new(),
            excuses: Excuses { numbers, ..Excuses::default() },
            dies_at_polls: schedule.count(|action| matches!(action, Action::KillAtPoll { .. })) > 0,
        };
        fleet.slow_no_more();
        Ok(fleet)
    }

    /// Each way takes as long as it did when the fleet was begun.
    fn slow_no_more(&self) {
        for latency in &self.latencies {
            self.network.latency_one_way(latency.from, latency.to, latency.takes);
        }
    }

    /// The time since the fleet was begun.
    pub fn now(&self) -> Duration {
        self.now
    }

    /// Lets all run until `then`.
    pub fn run_until(&mut self, then: Duration) {
        while self.now < then {
            self.tick();
        }
    }

    /// Lets all run for as long as this is so, and the grace of a process at most.
    fn run_while(&mut self, is_so: impl Fn(&Self) -> bool) {
        let until = self.now + GRACE;
        while self.now < until && is_so(self) {
            self.tick();
        }
    }

    fn tick(&mut self) {
        self.now += TICK;
        let now = self.now;
        hearing::at(now, CLIENTS);
        let until = self.home_began + now;
        self.home.block_on(async { sleep_until(until).await });
        let mut replicas: Vec<u64> = self.members.keys().copied().collect();
        self.random.shuffle(&mut replicas);
        for replica in replicas {
            let Some(member) = self.members.get_mut(&replica) else { continue };
            member.clock.show(now);
            let Some(process) = &mut member.process else { continue };
            hearing::at(now, replica);
            process.run_until(now);
            if self.ends {
                continue;
            }
            let told = member.ends_by.is_some();
            match process.ended() {
                Some(Err(error)) => self.ended.push((replica, format!("it ended: {error}"))),
                Some(Ok(())) if !told => self.ended.push((replica, "it ended, and nobody told it to".into())),
                None if member.ends_by.is_some_and(|by| now > by) => {
                    self.ended.push((replica, "it was told to end, and did not".into()));
                }
                None if !member.disk.has_died() && !process.has_died() => continue,
                _ => {}
            }
            self.kill(replica);
        }
        hearing::at(now, CLIENTS);
    }

    /// Starts a process of a replica, in the place of the one that runs. Where there never was such a replica it is
    /// a newcomer, with an empty directory.
    pub fn start(&mut self, replica: u64) {
        self.kill(replica);
        let (now, program, settings, numbers) = (self.now, self.program.clone(), self.settings, self.numbers);
        let (seed, first, network) = (self.seed, self.first, self.network.clone());
        let member = self.member(replica);
        member.disk.heal();
        member.failed = false;
        member.starts += 1;
        let place = Place {
            id: numbers.id(member.id),
            address: address_of(replica),
            seeds: (1..=first).filter(|other| *other != replica).map(address_of).collect(),
            // The others wait for one that has begun.
            bootstrap: replica == 1 && member.starts == 1,
            dialer: Dialer::new(network.clone(), replica),
            disk: member.disk.clone(),
            directory: member.directory.to_vec(),
            clock: member.clock.shown(),
            settings,
            seed: Rng::with_seed(seed ^ replica << 32 ^ member.starts << 48).u64(..),
        };
        hearing::at(now, replica);
        let polls = self.dies_at_polls.then(Polls::default);
        let started = Process::start(program, place, now, polls, |routes| network.serve(replica, routes));
        hearing::at(now, CLIENTS);
        match started {
            Ok(process) => self.member(replica).process = Some(process),
            Err(error) => self.ended.push((replica, format!("it does not start: {error}"))),
        }
    }

    /// Ends a process at once, with all of its tasks.
    fn kill(&mut self, replica: u64) {
        // All connections break first, in an order of theirs. The tasks of a runtime end in an order that depends on
        // how many tasks there ever were on this machine's threads.
        self.network.remove(replica);
        let member = self.member(replica);
        member.ends_by = None;
        if let Some(process) = member.process.take() {
            // Who is killed says nothing more.
            hearing::unheard(|| drop(process));
        }
    }

    /// Tells a process to end.
    pub fn stop(&mut self, replica: u64) {
        let by = self.now + GRACE;
        self.go_on(replica);
        let member = self.member(replica);
        if let Some(process) = &member.process {
            process.stop();
            member.ends_by = Some(by);
        }
    }

    fn go_on(&mut self, replica: u64) {
        let now = self.now;
        hearing::at(now, replica);
        self.process(replica).into_iter().for_each(|process| process.go_on(now));
        hearing::at(now, CLIENTS);
    }

    /// Ends all in good order, and tells how many tasks each has left.
    pub fn end(&mut self) -> BTreeMap<u64, usize> {
        self.ends = true;
        self.running().for_each(|(_, process)| process.stop());
        self.run_while(|fleet| fleet.running().any(|(_, process)| !process.has_ended()));
        for (replica, member) in &mut self.members {
            self.network.remove(*replica);
            member.process.iter_mut().for_each(Process::let_go);
        }
        self.run_while(|fleet| fleet.tasks().values().any(|tasks| *tasks > 0));
        self.tasks()
    }

    fn running(&self) -> impl Iterator<Item = (u64, &Process)> {
        self.members.iter().filter_map(|(replica, member)| Some((*replica, member.process.as_ref()?)))
    }

    fn process(&mut self, replica: u64) -> Option<&mut Process> {
        self.members.get_mut(&replica)?.process.as_mut()
    }

    fn member(&mut self, replica: u64) -> &mut Member {
        let (now, seed, network, home) = (self.now, self.seed, &self.network, &self.home);
        self.members.entry(replica).or_insert_with(|| {
            let _within = home.enter();
            let directory = Rng::with_seed(seed ^ replica << 24).u128(..).to_be_bytes();
            Member::new(replica, directory, now, network.connect_lazily(CLIENTS, replica))
        })
    }
}

impl Drop for Fleet {
    fn drop(&mut self) {
        // Channels end their tasks, which are at home.
        let _within = self.home.enter();
        self.members.clear();
    }
}
