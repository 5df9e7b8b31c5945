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

/// How many changes a log holds by default.
const LOG: u64 = 100_000;

/// Records that are read at once when tombstones are collected.
const WALK: u64 = 100_000;

/// Tables that LevelDB keeps open.
const TABLES: u64 = 1_014;

/// Callers that may wait for the engine.
const QUEUE: u64 = 1_024;

/// Writes that lost against a concurrent one, and are kept. One replica alone has none.
const STOMPS: u64 = 1_000;

/// The columns of a line of the table, besides the number of objects.
struct Look {
    gets: Latency,
    /// Objects a second.
    scan: f64,
    /// Bytes.
    memory: f64,
    disk: u64,
    tables: u64,
}

/// Puts `objects` objects into a replica, and prints a line at each step, as soon as it is measured.
///
/// # Errors
/// If the replica does not come up, or refuses a call.
pub async fn grow(program: &Path, objects: u64) -> Result<()> {
    ensure!(objects > 0, "give a number of objects above 0");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "{CLIENTS} clients put new keys, in no order, with values of {VALUE} bytes, into one replica with the options\n\
         that it has by default. Rates are calls in a second, times are milliseconds; CPU is what the replica itself\n\
         worked for a put. Replica and clients share this machine's {cores} cores: compare the lines of one run, not\n\
         those of two machines, and where others use it at the same time, CPU before rates.\n"
    );
    println!(
        "{:>9} | {} {:>6} | {} | {:>9} | {:>9} {:>8} {:>6}",
        "objects",
        Latency::head("puts/s"),
        "CPU us",
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
        let idle = worked(&replica).await?;
        let puts = load::put_keys(address(&replica)?, held..target).await?;
        let work = (worked(&replica).await? - idle) / (target - held) as f64;
        held = target;
        let look = look(&replica, &parent, held).await?;
        println!(
            "{held:>9} | {puts} {:6.1} | {} | {:9.0} | {:9.1} {:8.1} {:>6}",
            work * 1e6,
            look.gets,
            look.scan,
            look.memory / 1e6,
            look.disk as f64 / 1e6,
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
    replica.kill().await?;
    println!("start after a kill: {:.2} s\n", time_to_start(&mut replica).await?.as_secs_f64());
    print!(
        "{}",
        told(&[
            Limit { what: "changes in the log", most: LOG, reached: held + FIRST },
            Limit {
                what: "records that collecting tombstones reads at once",
                most: WALK,
                reached: held + FIRST
            },
            Limit { what: "open tables", most: TABLES, reached: tables },
            Limit { what: "calls that wait for the engine", most: QUEUE, reached: CLIENTS as u64 },
            Limit { what: "lost writes that are kept", most: STOMPS, reached: 0 },
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
    let memory = metric(replica, "process_resident_memory_bytes").await?;
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

/// Seconds of the processors that the replica used since it started.
async fn worked(replica: &Replica) -> Result<f64> {
    metric(replica, "process_cpu_seconds_total").await
}

async fn metric(replica: &Replica, name: &str) -> Result<f64> {
    let page = replica.metrics().await?;
    let values = page::metric(&page, name);
    Ok(values.first().with_context(|| format!("there is no metric {name}"))?.1)
}

async fn time_to_start(replica: &mut Replica) -> Result<Duration> {
    let began = Instant::now();
    replica.start(&[]).await?;
    Ok(began.elapsed())
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
