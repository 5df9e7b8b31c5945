//! Every action as one line of text: the page sends them, and scripts consist of them.

use std::fmt;
use std::str::FromStr;

use crate::condition::Condition;
use crate::region::Region;
use crate::scenarios::Scenario;
use crate::words::{Unclear, Words};

/// The most characters in a key and in a value: as many as the page has room for.
const KEY: usize = 40;
const VALUE: usize = 100;

/// The most writes in a second.
const LOAD: u32 = 500;

/// The longest round trip, in milliseconds.
const ROUND_TRIP: u32 = 10_000;

/// The longest `wait`, in seconds.
const WAIT: f64 = 600.0;

/// By how many seconds a clock may be wrong: a year.
const CLOCK: i64 = 366 * 86_400;

/// What can be done.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the fields are the words of the command")]
pub enum Command {
    /// Sets a key at a replica.
    Put { at: Region, key: String, value: String },
    /// Deletes a key at a replica.
    Delete { at: Region, key: String },
    /// Writes steadily, all over the replicas.
    Load { per_second: u32 },
    /// Lets nothing arrive any more.
    Cut(Way),
    /// Heals a link; all of them if none is named.
    Heal(Option<Way>),
    /// Breaks all connections between two replicas.
    Reset { a: Region, b: Region },
    /// How far apart two replicas are, in milliseconds there and back.
    Rtt { a: Region, b: Region, ms: u32 },
    /// Holds a process.
    Pause(Region),
    /// Lets it go on.
    Continue(Region),
    /// Ends a process at once.
    Kill(Region),
    /// Starts it again, with its wall clock wrong by this many seconds.
    Start { at: Region, clock: i64 },
    /// Plays a scenario.
    Scenario(&'static str),
    /// Ends the script being played.
    Stop,
    /// Goes on after a hold.
    Next,
    /// Restarts everything, with these arguments for each replica.
    Stage { arguments: Vec<String> },
    /// Says what to watch.
    Say { text: String },
    /// Waits for `next`.
    Hold,
    /// Waits this many seconds.
    Wait { seconds: f64 },
    /// Waits until it is so.
    WaitUntil(Condition),
    /// Fails if it does not hold.
    Expect { condition: Condition },
}

/// A link between two replicas: one direction, or both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Way {
    /// One end; the sender, if it is one direction.
    pub from: Region,
    /// The other end.
    pub to: Region,
    /// Whether it is both directions.
    pub both: bool,
}

impl Way {
    /// Its directions: from, to.
    pub fn directions(self) -> Vec<(Region, Region)> {
        let mut directions = vec![(self.from, self.to)];
        directions.extend(self.both.then_some((self.to, self.from)));
        directions
    }

    fn read(words: &mut Words<'_>) -> Result<Self, Unclear> {
        let from = words.region()?;
        let both = !words.take_if(">");
        let to = words.region()?;
        if from == to {
            return words.unclear(format!("there is no way from {from} to itself: name two replicas"));
        }
        Ok(Self { from, to, both })
    }
}

impl FromStr for Command {
    type Err = Unclear;

    fn from_str(line: &str) -> Result<Self, Unclear> {
        if line.contains(['\n', '\r']) {
            return Err(Unclear::new("one command is one line: send each by itself"));
        }
        let mut words = Words::new(line);
        let command = match words.next() {
            Some("put") => put(&mut words)?,
            Some("delete") => Self::Delete { at: words.region()?, key: words.text("a key", KEY)? },
            Some("load") => Self::Load { per_second: words.number("writes a second", LOAD)? },
            Some("cut") => Self::Cut(Way::read(&mut words)?),
            Some("heal") if words.is_empty() => Self::Heal(None),
            Some("heal") => Self::Heal(Some(Way::read(&mut words)?)),
            Some("reset") => {
                let (a, b) = both_ways(&mut words, "a connection goes both ways: say reset us de")?;
                Self::Reset { a, b }
            }
            Some("rtt") => {
                let (a, b) = both_ways(&mut words, "a round trip goes both ways: say rtt us de 80")?;
                Self::Rtt { a, b, ms: words.number("milliseconds", ROUND_TRIP)? }
            }
            Some("pause") => Self::Pause(words.region()?),
            Some("continue") => Self::Continue(words.region()?),
            Some("kill") => Self::Kill(words.region()?),
            Some("start") => Self::Start { at: words.region()?, clock: clock(&mut words)? },
            Some("scenario") => Self::Scenario(scenario(&mut words)?),
            Some("stop") => Self::Stop,
            Some("next") => Self::Next,
            Some("stage") => Self::Stage { arguments: words.all().map(str::to_owned).collect() },
            Some("say") => Self::Say { text: words.rest("what to watch", usize::MAX)? },
            Some("hold") => Self::Hold,
            Some("wait") => wait(&mut words)?,
            Some("expect") => Self::Expect { condition: Condition::read(&mut words)? },
            word => return Err(Unclear::command(word)),
        };
        words.end()?;
        Ok(command)
    }
}

fn both_ways(words: &mut Words<'_>, instead: &str) -> Result<(Region, Region), Unclear> {
    let Way { from, to, both } = Way::read(words)?;
    if both { Ok((from, to)) } else { words.unclear(instead) }
}

fn clock(words: &mut Words<'_>) -> Result<i64, Unclear> {
    let Some(word) = words.next() else { return Ok(0) };
    match word.parse() {
        Ok(seconds) if (-CLOCK..=CLOCK).contains(&seconds) => Ok(seconds),
        _ => words.unclear(format!("say by how many seconds its clock is wrong, from -{CLOCK} to +{CLOCK}")),
    }
}

fn put(words: &mut Words<'_>) -> Result<Command, Unclear> {
    let (at, key) = (words.region()?, words.text("a key", KEY)?);
    Ok(Command::Put { at, key, value: words.rest("a value", VALUE)? })
}

fn scenario(words: &mut Words<'_>) -> Result<&'static str, Unclear> {
    let name = words.next().unwrap_or_default();
    match Scenario::named(name) {
        Some(name) => Ok(name),
        None => words.unclear(format!("say scenario and one of {}", Scenario::names().join(", "))),
    }
}

fn wait(words: &mut Words<'_>) -> Result<Command, Unclear> {
    let Some(seconds) = words.peek().and_then(|word| word.parse::<f64>().ok()) else {
        return Condition::read(words).map(Command::WaitUntil);
    };
    words.next();
    if !(0.0..=WAIT).contains(&seconds) {
        return words.unclear(format!("a wait takes from 0 to {WAIT} seconds"));
    }
    Ok(Command::Wait { seconds })
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{}", self.from, if self.both { "" } else { "> " }, self.to)
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { at, key, value } => write!(f, "put {at} {key} {value}"),
            Self::Delete { at, key } => write!(f, "delete {at} {key}"),
            Self::Load { per_second } => write!(f, "load {per_second}"),
            Self::Cut(way) => write!(f, "cut {way}"),
            Self::Heal(None) => f.write_str("heal"),
            Self::Heal(Some(way)) => write!(f, "heal {way}"),
            Self::Reset { a, b } => write!(f, "reset {a} {b}"),
            Self::Rtt { a, b, ms } => write!(f, "rtt {a} {b} {ms}"),
            Self::Pause(region) => write!(f, "pause {region}"),
            Self::Continue(region) => write!(f, "continue {region}"),
            Self::Kill(region) => write!(f, "kill {region}"),
            Self::Start { at, clock: 0 } => write!(f, "start {at}"),
            Self::Start { at, clock } => write!(f, "start {at} {clock:+}"),
            Self::Scenario(name) => write!(f, "scenario {name}"),
            Self::Stop => f.write_str("stop"),
            Self::Next => f.write_str("next"),
            Self::Stage { arguments } => {
                f.write_str("stage")?;
                arguments.iter().try_for_each(|argument| write!(f, " {argument}"))
            }
            Self::Say { text } => write!(f, "say {text}"),
            Self::Hold => f.write_str("hold"),
            Self::Wait { seconds } => write!(f, "wait {seconds}"),
            Self::WaitUntil(condition) => write!(f, "wait {condition}"),
            Self::Expect { condition } => write!(f, "expect {condition}"),
        }
    }
}
