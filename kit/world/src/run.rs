//! Doing to a fleet what a schedule says, and recording what was seen.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::facts::{Convergence, Data, Facts, Outcome, Rest, Sight};
use crate::fleet::Fleet;
use crate::hearing::{self, Heard};
use crate::program::Program;
use crate::schedule::{Limits, Schedule, Ways};

/// How long the replicas may take to agree once they are left in peace: as long as a stream may wait before it is
/// opened again after a refusal, and a little.
const AGREEMENT: Duration = Duration::from_secs(40);

/// How long tasks and connections may take to end after the last fault: a peer that cannot be reached is noticed
/// by keep-alive.
const SETTLING: Duration = Duration::from_secs(20);

/// How often it is noted what the replicas hold.
const GLANCE: Duration = Duration::from_millis(200);

/// Tasks are counted for so long: what comes and goes, such as a session, does not count.
const WHILE: Duration = Duration::from_secs(1);

/// The writes before the schedule have numbers from here on.
const FIRST_WRITES: usize = 1_000_000;

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// What was seen; or why the fleet did not even come up.
    pub ended: Result<Facts, String>,
    /// What was said.
    pub heard: Heard,
    /// How long it took, in the fleet's time.
    pub lasted: Duration,
    /// When the schedule began, in the fleet's time.
    pub began: Duration,
}

/// Runs schedules with the program of a chapter.
pub struct World {
    program: Arc<dyn Program>,
    /// How many tasks a replica has in a fleet at rest, by what the number depends on.
    resting: Mutex<BTreeMap<(u64, Ways), usize>>,
}

impl World {
    /// Fleets of replicas that run this program.
    pub fn new(program: impl Program) -> Self {
        Self { program: Arc::new(program), resting: Mutex::default() }
    }

    /// Does to a new fleet what the schedule says, heals it, and tells what was seen. The same seed and the same
    /// schedule give the same, to the last message.
    pub fn run(&self, seed: u64, schedule: &Schedule) -> Run {
        let resting = self.resting(schedule);
        hearing::begin();
        let mut began = Duration::ZERO;
        let (ended, heard, lasted) = match Fleet::new(self.program.clone(), seed, schedule) {
            Ok(mut fleet) => {
                let ended = resting.and_then(|resting| live(&mut fleet, schedule, resting, &mut began));
                // Nobody hears how the fleet is taken apart.
                (ended, hearing::end(), fleet.now())
            }
            Err(error) => (Err(error.to_string()), hearing::end(), Duration::ZERO),
        };
        Run { ended, heard, lasted, began }
    }

    /// How many tasks a replica has where nothing ever happened.
    fn resting(&self, schedule: &Schedule) -> Result<usize, String> {
        // Held while it is found out: whoever waits for it needs the same.
        let mut resting = self.resting.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (schedule.replicas, schedule.ways);
        if let Some(tasks) = resting.get(&key) {
            return Ok(*tasks);
        }
        hearing::begin();
        let quiet = Schedule {
            steps: Vec::new(),
            latencies: Vec::new(),
            limits: Limits::default(),
            ..schedule.clone()
        };
        let fleet = Fleet::new(self.program.clone(), 0, &quiet);
        let mut fleet = fleet.map_err(|error| error.to_string())?;
        begin(&mut fleet, &quiet, &mut Facts::default())?;
        fleet.run_until(fleet.now() + AGREEMENT);
        let most = least(&mut fleet).into_values().max().unwrap_or_default();
        hearing::end();
        resting.insert(key, most);
        Ok(most)
    }
}

fn live(
    fleet: &mut Fleet,
    schedule: &Schedule,
    resting: usize,
    began: &mut Duration,
) -> Result<Facts, String> {
    let mut facts = Facts::default();
    begin(fleet, schedule, &mut facts)?;
    *began = fleet.now();
    play(fleet, schedule, &mut facts);

    fleet.heal();
    let healed = fleet.now();
    let mut took = agree(fleet, AGREEMENT).map(|agreed| agreed - healed);
    if took.is_some() {
        facts.after = settle(fleet, resting).iter().map(rest).collect();
        facts.before = facts.after.keys().map(|replica| rest((replica, &resting))).collect();
        // Once more: a message that came late might have brought back what was gone.
        took = took.filter(|_| agree(fleet, AGREEMENT).is_some());
    }
    facts.convergence = Some(Convergence { took, within: AGREEMENT });
    facts.withdrawn = fleet.withdrawn();
    for Sight { replica, data, knows } in fleet.sights() {
        facts.data.insert(replica, data);
        facts.knows.insert(replica, knows);
    }
    facts.went_back = fleet.went_back.clone();
    facts.left = fleet.end();
    facts.complaints = complaints(fleet);
    Ok(facts)
}

/// Starts all, and writes at each: all connections are made when each holds what the others wrote.
fn begin(fleet: &mut Fleet, schedule: &Schedule, facts: &mut Facts) -> Result<(), String> {
    let replicas = 1..=schedule.replicas;
    replicas.clone().for_each(|replica| fleet.start(replica));
    let until = fleet.now() + AGREEMENT;
    for replica in replicas {
        let (key, number) = (format!("first-{replica}"), FIRST_WRITES + replica as usize);
        loop {
            let writes = fleet.write_and_wait(number, replica, &key, &format!("w{number}"));
            let unknown = writes.iter().find_map(|write| match &write.outcome {
                Outcome::Unknown(reason) => Some(reason.clone()),
                _ => None,
            });
            facts.writes.extend(writes);
            let Some(reason) = unknown else { break };
            if fleet.now() > until {
                let ended = fleet.ended.iter().map(|(replica, why)| format!("; replica {replica}: {why}"));
                let ended: String = ended.collect();
                return Err(format!("replica {replica} takes no write ({reason}), and all is well{ended}"));
            }
            fleet.run_until(fleet.now() + GLANCE);
        }
    }
    match agree(fleet, AGREEMENT) {
        Some(_) => Ok(()),
        None => Err(format!(
            "a write at each replica does not reach all others within {AGREEMENT:?}, and all is well"
        )),
    }
}

fn play(fleet: &mut Fleet, schedule: &Schedule, facts: &mut Facts) {
    let began = fleet.now();
    let mut steps = schedule.steps.iter().peekable();
    let mut glance = began;
    loop {
        let next = steps.peek().map_or(schedule.length, |step| step.at.min(schedule.length));
        let next = began + next;
        while glance <= next {
            fleet.run_until(glance);
            facts.sights.extend(fleet.sights());
            glance += GLANCE;
        }
        fleet.run_until(next);
        let Some(step) = steps.next() else { break };
        fleet.act(&step.action);
    }
    facts.writes.extend(fleet.writes());
}

/// When all hold the same, as all do that are part of the fleet; None where that does not come about in time.
fn agree(fleet: &mut Fleet, within: Duration) -> Option<Duration> {
    let until = fleet.now() + within;
    while fleet.now() < until {
        fleet.run_until(fleet.now() + GLANCE);
        let withdrawn = fleet.withdrawn();
        let sights = fleet.sights();
        let all = fleet.lasting().all(|replica| sights.iter().any(|sight| sight.replica == replica));
        let held: Vec<&Data> = sights
            .iter()
            .filter(|sight| !withdrawn.contains_key(&sight.replica))
            .map(|sight| &sight.data)
            .collect();
        if all && held.windows(2).all(|pair| pair[0] == pair[1]) {
            return Some(fleet.now());
        }
    }
    None
}

/// The least tasks that each replica has in a while.
fn least(fleet: &mut Fleet) -> BTreeMap<u64, usize> {
    let until = fleet.now() + WHILE;
    let mut least = fleet.tasks();
    while fleet.now() < until {
        fleet.run_until(fleet.now() + Duration::from_millis(20));
        for (replica, tasks) in fleet.tasks() {
            let of_replica = least.entry(replica).or_insert(tasks);
            *of_replica = tasks.min(*of_replica);
        }
    }
    least
}

/// Waits until no replica has more tasks than one at rest has. Sessions come and go: it need not be at one moment.
fn settle(fleet: &mut Fleet, resting: usize) -> BTreeMap<u64, usize> {
    let until = fleet.now() + SETTLING;
    let mut after = least(fleet);
    while after.values().any(|tasks| *tasks > resting) && fleet.now() < until {
        for (replica, tasks) in least(fleet) {
            let of_replica = after.entry(replica).or_insert(tasks);
            *of_replica = tasks.min(*of_replica);
        }
    }
    after
}

fn rest((replica, tasks): (&u64, &usize)) -> (u64, Rest) {
    (*replica, Rest { tasks: *tasks as u64, descriptors: None })
}

/// What no replica should say. One whose disk failed says so, and so do all that met one that went back.
fn complaints(fleet: &Fleet) -> Vec<String> {
    let excused = |replica: &u64| {
        fleet.failed_disks.contains(replica) || fleet.removed.contains(replica) || !fleet.went_back.is_empty()
    };
    let heard = hearing::complaints();
    let said = heard.iter().filter(|complaint| complaint.panicked || !excused(&complaint.replica));
    let said = said.map(|complaint| format!("replica {}: {}", complaint.replica, complaint.text));
    let ended = fleet.ended.iter().filter(|(replica, _)| !excused(replica));
    said.chain(ended.map(|(replica, why)| format!("replica {replica}: {why}"))).collect()
}
