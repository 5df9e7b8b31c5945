//! One replica that grows: what puts, gets, a scan, memory and a start cost, by the number of its objects.

use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;
use tokio::time::Instant;

use crate::bench::{address, directory, start};
use crate::latency::Latency;
use crate::limits::{Limit, told};
use crate::load::{self, CLIENTS, VALUE};
use crate::page;
use crate::process::Replica;

/// Objects at the first line of the table; each later line has twice as many.
const FIRST: u64 = 12_500;

/// How long gets are measured at each step.
const GETS: Duration = Duration::from_secs(2);

/// How many objects the scan of each step reads at the most.
const SCANNED: u64 = 100_000;

/// Changes that a log holds, unless it is told otherwise.
const LOG: u64 = 100_000;

/// Records that are read each time tombstones are collected.
const WALK: u64 = 100_000;

/// Tables that LevelDB keeps open.
const TABLES: u64 = 1_014;

/// Bytes of blocks that LevelDB keeps in memory.
const CACHE: u64 = 4 << 20;

/// What one line of the table tells, besides what was put.
struct Look {
    gets: Latency,
    /// Objects a second.
    scan: f64,
    memory: u64,
    disk: u64,
    tables: u64,
}

/// Puts `objects` objects into a replica, and prints a line at each step, as soon as it is measured.
///
/// # Errors
/// Where the replica does not come up, or refuses a call.
pub async fn grow(program: &Path, objects: u64) -> Result<()> {
    ensure!(objects > 0, "give a number of objects above 0");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "{CLIENTS} clients put new keys, in no order, with values of {VALUE} bytes, into one replica with the options\n\
         that it has by default. Rates are calls in a second, times are milliseconds. Replica and clients share\n\
         this machine's {cores} cores: compare the lines of one run, not those of two machines.\n"
    );
    println!(
        "{:>9} | {} | {} | {:>9} | {:>9} {:>8} {:>6}",
        "objects",
        Latency::head("puts/s"),
        Latency::head("gets/s"),
        "scanned/s",
        "memory MB",
        "disk MB",
        "tables"
    );
    let parent = directory()?;
    let mut replica = start(program, &parent, 1, &[]).await?;
    let (mut held, mut first, mut last, mut tables) = (0, 0.0, 0.0, 0);
    for target in steps(objects) {
        let puts = load::put_keys(address(&replica)?, held..target).await?;
        held = target;
        let look = look(&replica, &parent, held).await?;
        println!(
            "{held:>9} | {puts} | {} | {:9.0} | {:9.1} {:8.1} {:>6}",
            look.gets,
            look.scan,
            mega(look.memory),
            mega(look.disk),
            look.tables
        );
        if first == 0.0 {
            first = puts.rate();
        }
        (last, tables) = (puts.rate(), tables.max(look.tables));
    }
    println!("\nputs at the last line / at the first: {:.2}", last / first);
    replica.stop().await?;
    println!("start after a stop: {:.2} s", time_to_start(&mut replica).await?.as_secs_f64());
    load::put_keys(address(&replica)?, held..held + FIRST).await?;
    let (log, disk) = (log_entries(&replica).await?, size(&parent)?.0);
    replica.kill().await?;
    println!("start after a kill: {:.2} s\n", time_to_start(&mut replica).await?.as_secs_f64());
    print!(
        "{}",
        told(&[
            Limit { what: "changes written to the log", most: LOG, reached: held + FIRST },
            Limit { what: "changes in the log at the end", most: LOG, reached: log },
            Limit { what: "records when tombstones are collected", most: WALK, reached: held + FIRST },
            Limit { what: "bytes in the cache of blocks", most: CACHE, reached: disk },
            Limit { what: "open tables", most: TABLES, reached: tables },
        ])
    );
    Ok(())
}

/// Numbers of objects, each twice the one before, up to `objects`.
fn steps(objects: u64) -> impl Iterator<Item = u64> {
    let doubled = std::iter::successors(Some(FIRST), |step| step.checked_mul(2));
    doubled.take_while(move |step| *step < objects).chain([objects])
}

async fn look(replica: &Replica, parent: &TempDir, held: u64) -> Result<Look> {
    let address = address(replica)?;
    let gets = load::get_keys(address, held, GETS).await?;
    let (began, most) = (Instant::now(), held.min(SCANNED));
    load::scan(address, most).await?;
    let scan = most as f64 / began.elapsed().as_secs_f64();
    let memory = replica.memory().unwrap_or_default();
    let (disk, tables) = size(parent)?;
    Ok(Look { gets, scan, memory, disk, tables })
}

/// Bytes on disk, and how many tables hold them.
fn size(parent: &TempDir) -> Result<(u64, u64)> {
    let (mut bytes, mut tables) = (0, 0);
    for entry in fs::read_dir(parent.path().join("replica-1"))? {
        let entry = entry?;
        // A compaction may have deleted the file since it was listed.
        let Ok(metadata) = entry.metadata() else { continue };
        bytes += metadata.len();
        tables += u64::from(entry.path().extension().is_some_and(|extension| extension == "ldb"));
    }
    Ok((bytes, tables))
}

async fn log_entries(replica: &Replica) -> Result<u64> {
    let page = replica.metrics().await?;
    let changes = page::metric(&page, "atoll_replication_log_changes");
    Ok(changes.first().context("there is no metric atoll_replication_log_changes")?.1 as u64)
}

async fn time_to_start(replica: &mut Replica) -> Result<Duration> {
    let began = Instant::now();
    replica.start(&[]).await?;
    Ok(began.elapsed())
}

fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_step_is_what_was_asked_for() {
        assert_eq!(steps(2_000).collect::<Vec<_>>(), [2_000]);
        assert_eq!(steps(12_500).collect::<Vec<_>>(), [12_500]);
        assert_eq!(steps(60_000).collect::<Vec<_>>(), [12_500, 25_000, 50_000, 60_000]);
    }
}
