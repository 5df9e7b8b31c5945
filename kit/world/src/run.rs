//! Doing to a fleet what a schedule says, and recording what was seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::facts::{Convergence, Data, Facts, Outcome, Rest};
use crate::fleet::Fleet;
use crate::hearing::{self, Heard};
use crate::program::Program;
use crate::schedule::Schedule;
use crate::swarm;

/// How long the replicas may take to agree once they are left in peace: as long as a stream may wait before it is
/// opened again after a refusal, and a little.
const AGREEMENT: Duration = Duration::from_secs(40);

/// How often it is noted what the replicas hold.
const GLANCE: Duration = Duration::from_millis(200);

/// How long after they agree it is seen that they still do, and how often it is looked how many tasks they have.
const WHILE: Duration = Duration::from_secs(1);
const MOMENT: Duration = Duration::from_millis(20);

/// In one of so many seeds it is compared how many tasks replicas at rest have: it takes seconds of the fleet's time.
const RESTED: u64 = 3;

/// How long connections and streams may take to come about when all is well, and to end after the last fault.
const SETTLING: (Duration, Duration) = (Duration::from_millis(1_500), Duration::from_secs(15));

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
}

impl World {
    /// Fleets of replicas that run this program.
    pub fn new(program: impl Program) -> Self {
        Self { program: Arc::new(program) }
    }

    /// What its seed does to a fleet of this program.
    pub fn schedule(&self, seed: u64) -> Schedule {
        swarm::schedule(seed, self.program.ways())
    }

    /// Does to a new fleet what the schedule says, heals it, and tells what was seen. The same seed and the same
    /// schedule give the same, to the last message.
    pub fn run(&self, seed: u64, schedule: &Schedule) -> Run {
        hearing::listening(|| self.listened(seed, schedule))
    }

    fn listened(&self, seed: u64, schedule: &Schedule) -> Run {
        hearing::begin();
        let mut began = Duration::ZERO;
        let (ended, heard, lasted) = match Fleet::new(self.program.clone(), seed, schedule) {
            Ok(mut fleet) => {
                let ended = live(&mut fleet, seed, schedule, &mut began);
                // Nobody hears how the fleet is taken apart.
                (ended, hearing::end(), fleet.now())
            }
            Err(error) => (Err(error.to_string()), hearing::end(), Duration::ZERO),
        };
        Run { ended, heard, lasted, began }
    }
}

fn live(fleet: &mut Fleet, seed: u64, schedule: &Schedule, began: &mut Duration) -> Result<Facts, String> {
    let mut facts = Facts::default();
    begin(fleet, schedule, &mut facts)?;
    // Where a pass takes many sessions, one is under way at every moment.
    let is_rested = seed.is_multiple_of(RESTED) && schedule.limits.slice_keys.is_none();
    if is_rested {
        fleet.run_until(fleet.now() + SETTLING.0);
        facts.before = rest(fleet, BTreeMap::new());
    }
    *began = fleet.now();
    play(fleet, schedule, &mut facts);

    fleet.heal();
    let healed = fleet.now();
    let agreed = agree(fleet, AGREEMENT);
    let after = if is_rested { settle(fleet, &facts.before) } else { BTreeMap::new() };
    // Once more: a message that came late might have brought back what was gone.
    let took = agreed.filter(|_| agree(fleet, AGREEMENT).is_some()).map(|agreed| agreed - healed);
    facts.convergence = Some(Convergence { took, within: AGREEMENT });
    facts.withdrawn = fleet.withdrawn();
    if is_compared(fleet, &facts.before) {
        facts.after = after;
    }
    for sight in fleet.sights() {
        facts.data.insert(sight.replica, sight.data.clone());
        facts.knows.insert(sight.replica, sight.knows.clone());
        facts.sights.push(sight);
    }
    facts.went_back = fleet.excuses.went_back.clone();
    facts.removed = fleet.excuses.removed.clone();
    facts.doubles = fleet.doubles();
    facts.lost = fleet.lost();
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
                let why = why(fleet);
                return Err(format!("replica {replica} takes no write ({reason}), and all is well{why}"));
            }
            fleet.run_until(fleet.now() + GLANCE);
        }
    }
    match agree(fleet, AGREEMENT) {
        Some(_) => Ok(()),
        None => Err(format!(
            "a write at each replica does not reach all others within {AGREEMENT:?}, and all is well{}",
            why(fleet)
        )),
    }
}

/// What happened to a fleet to which nothing was done: the first panic, or else who ended.
fn why(fleet: &Fleet) -> String {
    let panic = hearing::complaints().into_iter().find(|complaint| complaint.panicked);
    match panic {
        Some(panic) => format!("; replica {} {}", panic.replica, panic.text.replace('\n', " ")),
        None => fleet.ended.iter().map(|(replica, why)| format!("; replica {replica}: {why}")).collect(),
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
        if step.action.is_write() {
            fleet.act(&step.action);
            continue;
        }
        // A fault may follow something at once that no replica should have said, or lead to it.
        let befallen = step.action.replicas();
        facts.sights.extend(fleet.sights_of(&befallen));
        fleet.act(&step.action);
        facts.sights.extend(fleet.sights_of(&befallen));
    }
    facts.writes.extend(fleet.writes());
}

/// The fewest tasks that each has had at some moment of a while: pings and sessions come and go. `so_far` is what they
/// had at the least before.
fn rest(fleet: &mut Fleet, so_far: BTreeMap<u64, Rest>) -> BTreeMap<u64, Rest> {
    let (until, mut least) = (fleet.now() + WHILE, so_far);
    while fleet.now() < until {
        fleet.run_until(fleet.now() + MOMENT);
        for (replica, tasks) in fleet.tasks() {
            let now = Rest { tasks: tasks as u64, descriptors: None };
            least.entry(replica).and_modify(|rest| *rest = rest.least(now)).or_insert(now);
        }
    }
    least
}

/// Whether they are those that rested `before`: who is connected with others has other tasks, and rightly so.
fn is_compared(fleet: &Fleet, before: &BTreeMap<u64, Rest>) -> bool {
    fleet.lasting() == before.keys().copied().collect() && fleet.withdrawn().is_empty()
}

/// How they rest when all is over. What was under way may take a little to end.
fn settle(fleet: &mut Fleet, before: &BTreeMap<u64, Rest>) -> BTreeMap<u64, Rest> {
    let (until, mut after) = (fleet.now() + SETTLING.1, BTreeMap::new());
    loop {
        after = rest(fleet, after);
        let is_within =
            |(replica, rest): (&u64, &Rest)| before.get(replica).is_none_or(|before| rest.is_within(*before));
        if after.iter().all(is_within) || !is_compared(fleet, before) || fleet.now() > until {
            return after;
        }
    }
}

/// When all hold the same, as all do that are part of the fleet; None where that does not come about in time.
fn agree(fleet: &mut Fleet, within: Duration) -> Option<Duration> {
    let until = fleet.now() + within;
    while fleet.now() < until {
        fleet.run_until(fleet.now() + GLANCE);
        let withdrawn = fleet.withdrawn();
        let sights = fleet.sights();
        // Who was removed ends, and so does one that took another one's id.
        let all = sights.iter().map(|sight| sight.replica).collect::<BTreeSet<_>>() == fleet.lasting();
        let doubles = fleet.doubles();
        let mut twice = doubles.iter().filter(|(double, id)| {
            let is_member = |replica| {
                sights.iter().any(|sight| sight.replica == replica && !withdrawn.contains_key(&replica))
            };
            is_member(**double) && is_member(**id)
        });
        let held: Vec<&Data> = sights
            .iter()
            .filter(|sight| !withdrawn.contains_key(&sight.replica))
            .map(|sight| &sight.data)
            .collect();
        if all && twice.next().is_none() && held.windows(2).all(|pair| pair[0] == pair[1]) {
            return Some(fleet.now());
        }
    }
    None
}

/// What no replica should say.
fn complaints(fleet: &Fleet) -> Vec<String> {
    let doubles = fleet.doubles();
    let explained = |at: u64, text: &str| {
        let id = doubles.get(&at).copied().unwrap_or(at);
        fleet.excuses.explain(at, id, text)
    };
    let heard = hearing::complaints();
    let said =
        heard.iter().filter(|complaint| complaint.panicked || !explained(complaint.replica, &complaint.text));
    let said = said.map(|complaint| format!("replica {}: {}", complaint.replica, complaint.text));
    let ended = fleet.ended.iter().filter(|(replica, why)| !explained(*replica, why));
    said.chain(ended.map(|(replica, why)| format!("replica {replica}: {why}"))).collect()
}
