//! Scenes written by hand, where no snapshot shows what a slide is about.
//!
//! ```text
//! replicas us, de, sg
//! 0 us > de 40 put apple red
//! 10 us > sg lost put apple red
//! 5 at us writes apple 1@us
//! ```
//!
//! Times are milliseconds; `replicas us, de in days` counts days, and `replicas us, de in steps` shows no times.

use anyhow::{Context, Result, bail, ensure};

use crate::scene::{Column, Event, Fate, Message, Region, Scene, What};

const HELP: &str =
    "a line is '0 us > de 40 label' (sent at 0, takes 40), '0 us > de lost label' or '5 at us note'";

/// Reads a scene.
///
/// # Errors
/// With the line that cannot be understood.
pub(crate) fn parse(text: &str) -> Result<Scene> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let names = lines.next().and_then(|line| line.trim().strip_prefix("replicas "));
    let names = names.context("a space-time scene begins with a line such as 'replicas us, de, sg'")?;
    let (names, unit) = match names.rsplit_once(" in ") {
        None => (names, "ms"),
        Some((names, "days")) => (names, "day"),
        Some((names, "steps")) => (names, ""),
        Some((_, unit)) => bail!("a scene is in days or in steps, not in '{unit}'; else in milliseconds"),
    };
    let column = |name: &str| {
        let name = name.trim().to_owned();
        Column { region: Region::of(&name), name, about: String::new() }
    };
    let mut scene =
        Scene { unit: unit.to_owned(), columns: names.split(',').map(column).collect(), ..Scene::default() };
    ensure!((2..=3).contains(&scene.columns.len()), "a space-time scene has two or three replicas");
    for line in lines {
        add(&mut scene, line.trim()).with_context(|| format!("'{}': {HELP}", line.trim()))?;
    }
    ensure!(!scene.events.is_empty(), "nothing happens in this scene; {HELP}");
    // What arrives in a millisecond is there before what is sent or noted in it, as it often is the cause.
    let order = |event: &Event| (event.at, !matches!(event.what, What::Arrived(_)));
    scene.events.sort_by_key(order);
    Ok(scene)
}

fn add(scene: &mut Scene, line: &str) -> Result<()> {
    let (at, rest) = line.split_once(' ').context("there is only one word")?;
    let at: u64 = at.parse().context("it does not begin with a time")?;
    if let Some(rest) = rest.trim_start().strip_prefix("at ") {
        let (name, note) = rest.split_once(' ').context("there is nothing to be noted")?;
        let column = place(scene, name)?;
        scene.events.push(Event { at, what: What::Note(column, note.trim().to_owned()) });
        return Ok(());
    }
    let (from, rest) = rest.split_once('>').context("there is neither 'at' nor '>'")?;
    let mut words = rest.trim().splitn(3, ' ');
    let mut word = || words.next().filter(|word| !word.is_empty()).context("there are too few words");
    let (to, takes, label) = (word()?, word()?, word()?.trim().to_owned());
    let (from, to) = (place(scene, from.trim())?, place(scene, to)?);
    ensure!(from != to, "nobody sends to themselves");
    let message = scene.messages.len();
    let mut fate = Fate::Lost(None);
    scene.events.push(Event { at, what: What::Sent(message) });
    if takes != "lost" {
        let takes: u64 = takes.parse().context("after the receiver stands what it takes, or 'lost'")?;
        ensure!(takes > 0, "no message takes no time");
        fate = Fate::Arrives;
        scene.events.push(Event { at: at + takes, what: What::Arrived(message) });
    }
    scene.messages.push(Message { from, to, label, fate });
    Ok(())
}

fn place(scene: &Scene, name: &str) -> Result<usize> {
    let found = scene.columns.iter().position(|column| column.name == name);
    found.with_context(|| format!("'{name}' is not among the replicas of the first line"))
}
