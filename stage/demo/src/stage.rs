//! The parts of a stage: a network as wide as the world, and replicas with empty directories.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use cluster::{Network, Replica};
use tokio::task::spawn_blocking;

use crate::region::Region;

/// What all stages begin with.
#[derive(Clone, Debug)]
pub struct Start {
    /// The program of a replica.
    pub program: PathBuf,
    /// The parent of the directories.
    pub parent: PathBuf,
}

/// Everything that a replica does from time to time is done often enough to be watched.
const OFTEN: [&str; 7] = [
    "--owner=demo",
    "--log-filter=info,service=warn,atoll::messages=debug",
    "--ping-interval=0.5",
    "--sync-interval=4",
    "--cleaning-interval=2",
    "--session-limit=5",
    "--settle=6",
];

/// How far apart the regions are at the beginning, in milliseconds there and back: about what their
/// distance takes on the Internet.
const ROUND_TRIPS: [(Region, Region, u64); 3] =
    [(Region::Us, Region::De, 80), (Region::De, Region::Sg, 150), (Region::Us, Region::Sg, 220)];

/// Open links.
pub(crate) async fn network() -> io::Result<Network> {
    let latency = |from, to| {
        let found =
            ROUND_TRIPS.iter().find(|(a, b, _)| [(a.id(), b.id()), (b.id(), a.id())].contains(&(from, to)));
        Duration::from_millis(found.map_or(0, |(_, _, ms)| *ms)) / 2
    };
    Network::start(&Region::ALL.map(Region::id), latency).await
}

/// A directory for the stage with this number, in place of the one of the stage before.
pub(crate) async fn directory(parent: &Path, stage: u64, before: Option<PathBuf>) -> io::Result<PathBuf> {
    let directory = parent.join(format!("stage-{stage}"));
    let made = directory.clone();
    let make = spawn_blocking(move || {
        if let Some(before) = before {
            std::fs::remove_dir_all(before)?;
        }
        std::fs::create_dir_all(made)
    });
    make.await??;
    Ok(directory)
}

/// A replica that does not run yet.
pub(crate) fn replica(
    region: Region,
    program: &Path,
    network: &Network,
    more: &[String],
    directory: &Path,
) -> (Region, Replica) {
    let mut arguments = network.arguments(region.id(), region.name());
    // The later one counts, where an argument may be given twice.
    let given: Vec<&str> =
        more.iter().map(|argument| argument.split('=').next().unwrap_or_default()).collect();
    let often = OFTEN
        .iter()
        .filter(|argument| argument.split_once('=').is_none_or(|(name, _)| !given.contains(&name)));
    arguments.extend(often.map(|argument| (*argument).to_owned()));
    arguments.extend(more.iter().cloned());
    (region, Replica::new(region.id(), program, arguments, directory))
}
