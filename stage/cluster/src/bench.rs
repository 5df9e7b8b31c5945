//! What replication costs: measured, not judged.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use proto::antientropy::v1::RunSessionRequest;
use proto::kv::v1::CountRequest;
use rpc::antientropy::v1::anti_entropy_client::AntiEntropyClient;
use rpc::kv::v1::key_value_client::KeyValueClient;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};
use tonic::transport::Endpoint;

use crate::figures;
use crate::load::{self, CLIENTS, VALUE};
use crate::make::REPLICAS;
use crate::page;
use crate::process::Replica;

/// How long each measurement of puts takes.
pub(crate) const TIME: Duration = Duration::from_secs(4);

/// How often each is repeated, the one after the other in turn: the middle result counts.
pub(crate) const ROUNDS: usize = 3;

/// How many equal objects anti-entropy compares.
pub(crate) const OBJECTS: u64 = 100_000;

/// How often the lag is read.
const GLANCE: Duration = Duration::from_millis(100);

/// How long the peers may take to have all.
const PATIENCE: Duration = Duration::from_secs(120);

/// The lag of the peer that is further behind.
#[derive(Clone, Copy, Debug, Default)]
struct Lag {
    changes: f64,
    seconds: f64,
}

/// What putting into a replica with peers came to.
#[derive(Debug, Default)]
struct Streamed {
    /// Puts in a second.
    puts: f64,
    lags: Vec<Lag>,
    /// How long the peers needed for the rest after the last put.
    rest: Duration,
}

/// What a pass of anti-entropy over all objects took.
#[derive(Debug, Default)]
pub(crate) struct Pass {
    pub(crate) sessions: u64,
    pub(crate) checked: u64,
    pub(crate) sent: u64,
    pub(crate) received: u64,
    pub(crate) took: Duration,
}

/// Measures, prints a table, and writes figures to a folder if one is given.
///
/// # Errors
/// If a replica does not come up, refuses a write, or lacks a metric, and if a figure cannot be written.
pub async fn bench(program: &Path, folder: Option<&Path>) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!(
        "{CLIENTS} clients put values of {VALUE} bytes into one replica, each as fast as it is answered;\n\
         the middle of {ROUNDS} rounds of {TIME:?}. Replicas and clients share this machine's {cores} cores:\n\
         the peers' work is taken from the replica that is measured, as it would not be elsewhere.\n"
    );
    let (mut alone, mut streaming, mut lags, mut rests) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        alone.push(puts_alone(program).await?);
        let streamed = puts_with_peers(program).await?;
        streaming.push(streamed.puts);
        lags.extend(streamed.lags);
        rests.push(streamed.rest.as_secs_f64());
    }
    let (alone, streaming) = (middle(alone), middle(streaming));
    println!("one replica alone       {alone:9.0} puts/s   1.00");
    println!("with two peers          {streaming:9.0} puts/s   {:.2}", streaming / alone);
    println!(
        "  its lag, the middle   {:9.0} changes, {:.3} s",
        middle_of(&lags, |lag| lag.changes),
        middle_of(&lags, |lag| lag.seconds)
    );
    println!(
        "  its lag, at most      {:9.0} changes, {:.3} s",
        most(&lags, |lag| lag.changes),
        most(&lags, |lag| lag.seconds)
    );
    println!("  after the last put    {:9.1} s until the peers have all\n", middle(rests));
    let pass = pass(program).await?;
    println!(
        "anti-entropy over {OBJECTS} equal objects: {} sessions, {:.1} s",
        pass.sessions,
        pass.took.as_secs_f64()
    );
    println!("  sent                  {:9} bytes, {:.1} for each check", pass.sent, pass.of_one());
    println!("  received              {:9} bytes", pass.received);
    if let Some(folder) = folder {
        figures::puts(alone, streaming).write(folder, "replication")?;
        figures::pass(&pass).write(folder, "anti-entropy")?;
    }
    Ok(())
}

impl Pass {
    /// Bytes sent for each check.
    pub(crate) fn of_one(&self) -> f64 {
        self.sent as f64 / self.checked.max(1) as f64
    }
}

async fn puts_alone(program: &Path) -> Result<f64> {
    let parent = directory()?;
    let replica = start(program, &parent, 1, &[]).await?;
    load::puts(address(&replica)?, TIME).await
}

/// Puts into the first of three replicas.
async fn puts_with_peers(program: &Path) -> Result<Streamed> {
    let parent = directory()?;
    let replicas = fleet(program, &parent, &REPLICAS).await?;
    let first = address(&replicas[0])?;
    // The peers stream once one put has arrived everywhere.
    load::fill(first, 1).await?;
    all_hold(&replicas, 1).await?;
    let lags = async {
        let (mut lags, end) = (Vec::new(), Instant::now() + TIME);
        while Instant::now() < end {
            lags.push(lag(&replicas[0]).await?);
            sleep(GLANCE).await;
        }
        anyhow::Ok(lags)
    };
    let (puts, lags) = tokio::join!(load::puts(first, TIME), lags);
    let ended = Instant::now();
    while lag(&replicas[0]).await?.changes > 0.0 {
        ensure!(ended.elapsed() < PATIENCE, "the peers are behind after {PATIENCE:?}");
        sleep(GLANCE).await;
    }
    Ok(Streamed { puts: puts?, lags: lags?, rest: ended.elapsed() })
}

async fn lag(replica: &Replica) -> Result<Lag> {
    let page = replica.metrics().await?;
    let most = |name| {
        let values = page::metric(&page, name);
        let most = values.into_iter().map(|(_, value)| value).reduce(f64::max);
        most.with_context(|| format!("there is no metric {name}"))
    };
    Ok(Lag {
        changes: most("atoll_replication_lag_changes")?,
        seconds: most("atoll_replication_lag_seconds")?,
    })
}

/// Compares all objects of two replicas that hold the same, slice by slice.
async fn pass(program: &Path) -> Result<Pass> {
    let parent = directory()?;
    let replicas = fleet(program, &parent, &REPLICAS[..2]).await?;
    let first = address(&replicas[0])?;
    load::fill(first, OBJECTS).await?;
    all_hold(&replicas, OBJECTS).await?;
    let endpoint = Endpoint::from_shared(format!("http://{first}"))?;
    // The answer holds a diagram with a line for each check.
    let mut sync = AntiEntropyClient::connect(endpoint).await?.max_decoding_message_size(usize::MAX);
    let (mut pass, began) = (Pass::default(), Instant::now());
    loop {
        let request = RunSessionRequest { peer: REPLICAS[1], dry: false };
        let report = sync.run_session(request).await?.into_inner().report.unwrap_or_default();
        ensure!(report.pushed + report.pulled == 0, "the replicas did not hold the same");
        pass.sessions += 1;
        pass.checked += report.checked;
        pass.sent += report.bytes_sent;
        pass.received += report.bytes_received;
        if report.whole {
            return Ok(Pass { took: began.elapsed(), ..pass });
        }
    }
}

/// Replicas that each know the addresses of those before.
async fn fleet(program: &Path, parent: &TempDir, ids: &[u64]) -> Result<Vec<Replica>> {
    let mut replicas: Vec<Replica> = Vec::new();
    for &id in ids {
        let seeds: Vec<_> = replicas.iter().map(address).collect::<Result<_>>()?;
        replicas.push(start(program, parent, id, &seeds).await?);
    }
    Ok(replicas)
}

/// No automatic anti-entropy: this measures streaming, or a pass by hand.
pub(crate) async fn start(
    program: &Path,
    parent: &TempDir,
    id: u64,
    seeds: &[SocketAddr],
) -> Result<Replica> {
    let mut arguments = vec!["--no-anti-entropy".to_owned(), "--ping-interval=0.2".to_owned()];
    arguments.extend(seeds.iter().map(|seed| format!("--seeds=http://{seed}")));
    let mut replica = Replica::new(id, program, arguments, parent.path());
    replica.start(&[]).await?;
    Ok(replica)
}

async fn all_hold(replicas: &[Replica], objects: u64) -> Result<()> {
    let deadline = Instant::now() + PATIENCE;
    for replica in replicas {
        let endpoint = Endpoint::from_shared(format!("http://{}", address(replica)?))?;
        let mut client = KeyValueClient::connect(endpoint).await?;
        while client.count(CountRequest::default()).await?.into_inner().counts.unwrap_or_default().objects
            < objects
        {
            ensure!(Instant::now() < deadline, "replica {} lacks objects after {PATIENCE:?}", replica.id);
            sleep(GLANCE).await;
        }
    }
    Ok(())
}

pub(crate) fn address(replica: &Replica) -> Result<SocketAddr> {
    replica.grpc().with_context(|| format!("replica {} does not run", replica.id))
}

pub(crate) fn directory() -> Result<TempDir> {
    Ok(TempDir::with_prefix_in("atoll-bench-", std::env::temp_dir().canonicalize()?)?)
}

fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

fn middle_of(lags: &[Lag], of: fn(&Lag) -> f64) -> f64 {
    middle(lags.iter().map(of).collect())
}

fn most(lags: &[Lag], of: fn(&Lag) -> f64) -> f64 {
    lags.iter().map(of).fold(0.0, f64::max)
}
