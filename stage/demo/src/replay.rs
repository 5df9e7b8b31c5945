//! A schedule of the simulated fleet as a script: what was done there is done to real processes, on the page.

use std::collections::BTreeMap;
use std::time::Duration;

use world::{Action, Finding, Schedule, Settings};

use crate::command::{Command, Way};
use crate::condition::Condition;
use crate::event::Standing;
use crate::region::Region;
use crate::script::{Line, Script};

/// Why a schedule can't be played on the page.
#[derive(Debug, thiserror::Error)]
pub enum Unplayable {
    /// It is not what `world` writes.
    #[error("it is not what came of one seed: write it with cargo workshop world --seed 7 --json")]
    Unreadable(#[from] serde_json::Error),
    /// The page has a place for three replicas.
    #[error("this schedule needs {0} replicas and the page has 3: give a file whose schedule has no more")]
    Replicas(u64),
}

/// The script of a finding in JSON.
///
/// # Errors
/// If it is none, or the page has no place for its replicas.
pub fn read(json: &str) -> Result<Script, Unplayable> {
    script(&serde_json::from_str(json)?)
}

/// The script that does to the page's processes what the shortest schedule of a finding does to a simulated fleet.
///
/// # Errors
/// If the page has no place for its replicas.
fn script(finding: &Finding) -> Result<Script, Unplayable> {
    let schedule = finding.shortest.as_ref().map_or(&finding.schedule, |shrunk| &shrunk.schedule);
    let befallen = schedule.steps.iter().flat_map(|step| step.action.replicas());
    let replicas = befallen.chain([schedule.replicas]).max().unwrap_or_default();
    if replicas != Region::ALL.len() as u64 {
        return Err(Unplayable::Replicas(replicas));
    }
    let mut writer = Writer::default();
    writer.begin(schedule, finding);
    for step in &schedule.steps {
        writer.wait_until(step.at);
        writer.act(&step.action);
    }
    writer.wait_until(schedule.length);
    writer.end();
    let title = format!("Seed {} of the simulated fleet", finding.seed);
    Ok(Script { name: "replay".to_owned(), title, lines: writer.lines })
}

/// Writes the script, and keeps in mind how each process stands when a line is played.
#[derive(Default)]
struct Writer {
    lines: Vec<Line>,
    now: Duration,
    standing: BTreeMap<Region, Standing>,
    latencies: BTreeMap<(u64, u64), Duration>,
}

impl Writer {
    fn add(&mut self, command: Command) {
        self.lines.push(Line { number: self.lines.len() + 1, command });
    }

    fn say(&mut self, text: String) {
        self.add(Command::Say { text });
    }

    fn begin(&mut self, schedule: &Schedule, finding: &Finding) {
        let arguments = schedule.arguments().into_iter().chain(as_often(schedule));
        self.add(Command::Stage { arguments: arguments.collect() });
        for (from, to) in Region::ways() {
            let (from, to) = (from.id(), to.id());
            self.latencies.insert((from, to), schedule.latency(from, to));
        }
        for (a, b) in Region::ways().filter(|(a, b)| a < b) {
            self.round_trip(a, b);
        }
        let promise = finding.broken.first().map(|broken| broken.promise.as_str());
        let there = promise.map_or_else(
            || "There every promise was kept.".to_owned(),
            |promise| format!("There this was broken: {promise}."),
        );
        self.say(format!(
            "The schedule of seed {}, done to real processes. {there} Their times are their own, so it may end \
             otherwise here.",
            finding.seed
        ));
        self.add(Command::Hold);
    }

    fn wait_until(&mut self, at: Duration) {
        let gap = at.saturating_sub(self.now);
        self.now = at;
        if !gap.is_zero() {
            self.add(Command::Wait { seconds: gap.as_secs_f64() });
        }
    }

    fn act(&mut self, action: &Action) {
        // A schedule with another region was refused before.
        let Some(at) = action.replicas().first().and_then(|replica| Region::of(*replica)) else { return };
        match action {
            Action::Put { key, value, .. } => {
                self.write(at, Command::Put { at, key: key.clone(), value: value.clone() });
            }
            Action::Delete { key, .. } => self.write(at, Command::Delete { at, key: key.clone() }),
            Action::Cut { from, to } => self.link(*from, *to, Command::Cut),
            Action::Heal { from, to } => self.link(*from, *to, |way| Command::Heal(Some(way))),
            Action::Reset { a, b } => {
                self.link(*a, *b, |Way { from: a, to: b, .. }| Command::Reset { a, b });
            }
            Action::Slow { from, to, takes } => {
                self.latencies.insert((*from, *to), *takes);
                let ends = Region::of(*from).zip(Region::of(*to));
                ends.into_iter().for_each(|(a, b)| self.round_trip(a, b));
            }
            Action::Kill { .. } => self.kill(at),
            Action::Stop { .. } => self.kill_instead(at, "it ends in good order"),
            Action::KillAtCommit { commits, .. } => {
                self.kill_instead(at, &format!("it is killed right after {commits} more commits"));
            }
            Action::KillAtPoll { polls, .. } => {
                self.kill_instead(at, &format!("it is killed after {polls} more polls of its tasks"));
            }
            Action::KillAndLose { commits, .. } => {
                self.kill_instead(at, &format!("it loses its last {commits} commits, too"));
            }
            Action::Restore { .. } => self.kill_instead(at, "its directory is replaced by the copy, too"),
            Action::Start { clock, .. } => self.start(at, *clock),
            Action::Pause { .. } => {
                if self.stands(at) == Standing::Running {
                    self.standing.insert(at, Standing::Paused);
                    self.add(Command::Pause(at));
                }
            }
            Action::Continue { .. } => {
                if self.stands(at) == Standing::Paused {
                    self.standing.insert(at, Standing::Running);
                    self.add(Command::Continue(at));
                }
            }
            Action::FailDisk { .. }
            | Action::FillDisk { .. }
            | Action::FreeDisk { .. }
            | Action::Backup { .. }
            | Action::Clock { .. }
            | Action::Remove { .. }
            | Action::Double { .. } => {
                self.say(format!(
                    "{}: {action}. Only the simulated fleet can do that: left out.",
                    self.when()
                ));
            }
        }
    }

    /// A client does not wait for a replica that can't answer, and the script does not end there.
    fn write(&mut self, at: Region, command: Command) {
        match self.stands(at) {
            Standing::Running => self.add(command),
            _ => self.say(format!("{}: {command}. Nobody answers there: {at} does not run.", self.when())),
        }
    }

    fn link(&mut self, from: u64, to: u64, command: impl Fn(Way) -> Command) {
        if let Some((from, to)) = Region::of(from).zip(Region::of(to)) {
            self.add(command(Way { from, to, both: false }));
        }
    }

    fn round_trip(&mut self, a: Region, b: Region) {
        let takes =
            |from: Region, to: Region| self.latencies.get(&(from.id(), to.id())).copied().unwrap_or_default();
        let ms = (takes(a, b) + takes(b, a)).as_millis();
        self.add(Command::Rtt { a, b, ms: u32::try_from(ms).unwrap_or(u32::MAX) });
    }

    fn kill(&mut self, at: Region) {
        if self.stands(at) != Standing::Down {
            self.standing.insert(at, Standing::Down);
            self.add(Command::Kill(at));
        }
    }

    fn kill_instead(&mut self, at: Region, there: &str) {
        self.say(format!("{}: {at} is killed. In the simulated fleet {there}.", self.when()));
        self.kill(at);
    }

    fn start(&mut self, at: Region, clock: i64) {
        // It may run here, where what ended it there was left out.
        self.kill(at);
        self.standing.insert(at, Standing::Running);
        self.add(Command::Start { at, clock });
    }

    /// All is healed, as when a schedule is over.
    fn end(&mut self) {
        self.say(format!(
            "{}: all is healed, and what is down is started. Now they must agree.",
            self.when()
        ));
        self.add(Command::Heal(None));
        for at in Region::ALL {
            match self.stands(at) {
                Standing::Down => self.start(at, 0),
                Standing::Paused => self.act(&Action::Continue { replica: at.id() }),
                Standing::Running | Standing::Starting => {}
            }
        }
        self.add(Command::WaitUntil(Condition::Converged));
        self.say("All hold the same here. Go back in time to see how it came about.".to_owned());
        self.add(Command::Hold);
    }

    fn stands(&self, at: Region) -> Standing {
        self.standing.get(&at).copied().unwrap_or(Standing::Running)
    }

    fn when(&self) -> String {
        format!("At {:.2} s", self.now.as_secs_f64())
    }
}

/// What is done from time to time is done here as often as there: else nothing comes at the same time.
fn as_often(schedule: &Schedule) -> [String; 5] {
    let there = Settings::new(schedule.ways, schedule.limits);
    [
        ("ping-interval", there.ping_interval),
        ("sync-interval", there.sync_interval),
        ("session-limit", there.session_limit),
        ("cleaning-interval", there.cleaning_interval),
        ("settle", there.settle),
    ]
    .map(|(name, time)| format!("--{name}={}", time.as_secs_f64()))
}
