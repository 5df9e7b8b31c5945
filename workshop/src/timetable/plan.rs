//! What `slides/timetable.toml` says: how long the days are, what is taught on them, and what is left out.

use std::fmt;
use std::ops::{Add, Sub};
use std::path::Path;

use anyhow::{Context, Error, Result, ensure};
use serde::Deserialize;

use crate::files;
use crate::id::Id;

/// The plans, and what holds for all of them.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Timetable {
    /// The time for the guide and for questions, as a share of the exercises' minutes.
    pub reading: f64,
    /// The most minutes of exercises in a row, without a talk or a pause.
    pub block: u32,
    /// The most minutes of any kind.
    pub stretch: u32,
    /// Minutes of a pause.
    pub pause: u32,
    #[serde(rename = "plan")]
    pub plans: Vec<Plan>,
}

/// What is taught in some days.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// As it is typed: `half-day`.
    pub name: String,
    pub title: String,
    /// What it is for.
    pub about: String,
    /// Exercises of chapters that are taught, left out and filled in.
    #[serde(default)]
    pub solve: Vec<Id>,
    #[serde(rename = "day")]
    pub days: Vec<Day>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    pub start: Clock,
    pub end: Clock,
    pub lunch: Option<Lunch>,
    /// In this order.
    pub teach: Vec<Part>,
}

/// A pause at about this time.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lunch {
    pub at: Clock,
    pub minutes: u32,
}

/// What a day is made of.
#[derive(Debug, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum Part {
    /// A deck by its number, with the exercises of the chapter of that number where the deck names them.
    Deck(String),
    /// Something that the instructor shows.
    Show { show: String, minutes: u32 },
}

/// A time of the day, in minutes since midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(try_from = "String")]
pub struct Clock(u32);

impl Timetable {
    /// Reads the file; none if a workshop has no timetable.
    pub fn load(root: &Path) -> Result<Option<Timetable>> {
        let path = root.join("slides/timetable.toml");
        let Some(text) = files::read_if_there(&path)? else { return Ok(None) };
        let table: Timetable =
            toml::from_str(&text).with_context(|| format!("in {}", files::relative(&path, root)))?;
        ensure!(
            (0.0..=2.0).contains(&table.reading),
            "in slides/timetable.toml: reading is a share, such as 0.3"
        );
        Ok(Some(table))
    }

    /// The plan of this name; the error lists what there is.
    pub fn plan(&self, name: &str) -> Result<&Plan> {
        let found = self.plans.iter().find(|plan| plan.name == name);
        found.with_context(|| {
            let names: Vec<&str> = self.plans.iter().map(|plan| plan.name.as_str()).collect();
            format!("there is no plan '{name}'; there are {}", names.join(", "))
        })
    }

    /// How long a room takes for an exercise of this many minutes.
    pub fn with_reading(&self, minutes: u32) -> u32 {
        (f64::from(minutes) * (1.0 + self.reading)).round() as u32
    }
}

impl Plan {
    /// Whether the deck of this number is shown.
    pub fn teaches(&self, number: u8) -> bool {
        let is_it = |part: &Part| matches!(part, Part::Deck(code) if code.parse() == Ok(number));
        self.days.iter().flat_map(|day| &day.teach).any(is_it)
    }
}

impl TryFrom<String> for Clock {
    type Error = Error;

    fn try_from(text: String) -> Result<Clock> {
        let number = |digits: &str| digits.parse::<u32>().ok();
        let parts =
            text.split_once(':').and_then(|(hours, minutes)| Some((number(hours)?, number(minutes)?)));
        let time = parts.filter(|&(hours, minutes)| hours < 24 && minutes < 60);
        let (hours, minutes) = time.with_context(|| format!("'{text}' is not a time of day; write 09:00"))?;
        Ok(Clock(60 * hours + minutes))
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Add<u32> for Clock {
    type Output = Clock;

    fn add(self, minutes: u32) -> Clock {
        Clock(self.0 + minutes)
    }
}

impl Clock {
    /// Minutes between two times, whichever is earlier.
    pub fn away(self, other: Clock) -> u32 {
        self.0.abs_diff(other.0)
    }
}

/// Minutes since an earlier time; 0 if it is later.
impl Sub for Clock {
    type Output = u32;

    fn sub(self, earlier: Clock) -> u32 {
        self.0.saturating_sub(earlier.0)
    }
}
