//! One replica as a separate process, with its directory and its log.

use std::fs::{self, OpenOptions};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, sleep};
use world::facts::Rest;

use crate::guard::Guard;
use crate::lines::{last_lines, log_file, since};
use crate::page;

/// How long a replica may take to be ready, and to shut down on request.
const PATIENCE: Duration = Duration::from_secs(20);

/// How often the process is asked how it is.
const PAUSE: Duration = Duration::from_millis(10);

/// A replica, whether it runs or not. What runs is killed when this is dropped.
#[derive(Debug)]
pub struct Replica {
    /// Its id.
    pub id: u64,
    program: PathBuf,
    arguments: Vec<String>,
    directory: PathBuf,
    log: PathBuf,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    addresses: Addresses,
    _guard: Option<Guard>,
}

/// What a replica logs once it has its addresses.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Addresses {
    grpc: SocketAddr,
    http: SocketAddr,
}

impl Replica {
    /// A replica that does not run yet. `arguments` follow `serve` and the directory; data and log are
    /// below `parent`.
    pub fn new(id: u64, program: &Path, arguments: Vec<String>, parent: &Path) -> Self {
        let (directory, log) = (parent.join(format!("replica-{id}")), log_file(parent, id));
        Self { id, program: program.to_owned(), arguments, directory, log, running: None }
    }

    /// Starts the process and waits until it is ready. `more` are arguments for this time.
    ///
    /// # Errors
    /// If the process cannot be started, or ends, or is not ready in time: with its last log lines.
    pub async fn start(&mut self, more: &[String]) -> Result<()> {
        self.kill().await?;
        let log = OpenOptions::new().create(true).append(true).open(&self.log)?;
        let before = log.metadata()?.len();
        let mut command = Command::new(&self.program);
        command.arg("serve").arg(&self.directory).args(["--replica", &self.id.to_string()]);
        command.args(["--grpc=127.0.0.1:0", "--http=127.0.0.1:0", "--log=json", "--grace=2"]);
        command.args(&self.arguments).args(more);
        // Environment variables for the user's own replica are not meant for this one.
        let foreign = std::env::vars_os().map(|(name, _)| name);
        foreign.filter(|name| name.to_string_lossy().starts_with("ATOLL_")).for_each(|name| {
            command.env_remove(name);
        });
        // The last lines of the log should show what went wrong, not how the program got there.
        command.env("RUST_BACKTRACE", "0");
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(log).spawn();
        let child = child.with_context(|| format!("cannot start {}", self.program.display()))?;
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
        let addresses = Addresses { grpc: nowhere, http: nowhere };
        // Without a shell it runs unguarded: only who kills this program has to end it then.
        let guard = Guard::of(child.id()).ok();
        let running = self.running.insert(Running { child, addresses, _guard: guard });
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(status) = running.child.try_wait()? {
                let said = since(&self.log, before).await?;
                self.running = None;
                bail!("replica {} ended before it was ready ({status}):\n{}", self.id, last_lines(&said));
            }
            if let Some(addresses) = since(&self.log, before).await?.lines().find_map(told) {
                running.addresses = addresses;
                if page::get(addresses.http, "/readyz").await.is_ok() {
                    return Ok(());
                }
            }
            sleep(PAUSE).await;
        }
        self.running = None;
        let said = since(&self.log, before).await?;
        bail!("replica {} is not ready after {PATIENCE:?}:\n{}", self.id, last_lines(&said))
    }

    /// Where it serves gRPC, while it runs.
    pub fn grpc(&self) -> Option<SocketAddr> {
        self.running.as_ref().map(|running| running.addresses.grpc)
    }

    /// Where it serves pages over plain HTTP, while it runs.
    pub fn http(&self) -> Option<SocketAddr> {
        self.running.as_ref().map(|running| running.addresses.http)
    }

    /// Its log. All that it logs is appended, so a log that has been read may be cut to nothing; but not
    /// while the replica starts.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// Whether it has ended by itself since it was started, and then how, with its last log lines. It does
    /// not run from then on.
    ///
    /// # Errors
    /// If the system does not tell, or the log cannot be read.
    pub async fn ended_by_itself(&mut self) -> Result<Option<String>> {
        let Some(running) = &mut self.running else { return Ok(None) };
        let Some(status) = running.child.try_wait()? else { return Ok(None) };
        self.running = None;
        let said = since(&self.log, 0).await?;
        Ok(Some(format!("replica {} ended ({status}):\n{}", self.id, last_lines(&said))))
    }

    /// Ends the process at once, wherever it is, as `kill -9` does.
    ///
    /// # Errors
    /// If the system doesn't let us.
    pub async fn kill(&mut self) -> Result<()> {
        let Some(mut running) = self.running.take() else { return Ok(()) };
        running.child.kill()?;
        self.ended(running).await.map(drop)
    }

    /// Tells the process to end, and waits until it has.
    ///
    /// # Errors
    /// If it does not end in time, or with an error.
    pub async fn stop(&mut self) -> Result<()> {
        let Some(running) = self.running.take() else { return Ok(()) };
        signal(&running.child, "TERM").await?;
        let status = self.ended(running).await?;
        ensure!(status.success(), "replica {} was told to end, and ended with {status}", self.id);
        Ok(())
    }

    async fn ended(&self, mut running: Running) -> Result<ExitStatus> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = running.child.try_wait()? {
                return Ok(status);
            }
            ensure!(Instant::now() < deadline, "replica {} does not end within {PATIENCE:?}", self.id);
            sleep(PAUSE).await;
        }
    }

    /// Suspends the process. Its connections stay, and nobody answers on them.
    ///
    /// # Errors
    /// If the system doesn't let us.
    pub async fn pause(&self) -> Result<()> {
        signal(&self.running()?.child, "STOP").await
    }

    /// Lets the process go on.
    ///
    /// # Errors
    /// If the system doesn't let us.
    pub async fn go_on(&self) -> Result<()> {
        signal(&self.running()?.child, "CONT").await
    }

    /// What it holds on to at this moment.
    ///
    /// # Errors
    /// If it does not run or does not tell.
    pub async fn rest(&self) -> Result<Rest> {
        let page = self.metrics().await?;
        let tasks = page::metric(&page, "atoll_tasks");
        let (_, tasks) = tasks.first().context("there is no metric atoll_tasks")?;
        let (process, store) = (self.running()?.child.id(), self.directory.clone());
        let descriptors = spawn_blocking(move || descriptors(process, &store)).await?;
        Ok(Rest { tasks: *tasks as u64, descriptors })
    }

    /// Its page of metrics.
    ///
    /// # Errors
    /// If it does not run or does not answer.
    pub async fn metrics(&self) -> Result<String> {
        let address = self.running()?.addresses.http;
        page::get(address, "/metrics").await.with_context(|| format!("no metrics of replica {}", self.id))
    }

    fn running(&self) -> Result<&Running> {
        self.running.as_ref().with_context(|| format!("replica {} does not run", self.id))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn told(line: &str) -> Option<Addresses> {
    serde_json::from_str(line).ok()
}

/// The standard library can only kill. The shell can send each signal, and is on every Unix.
async fn signal(child: &Child, name: &str) -> Result<()> {
    let command = format!("kill -{name} {}", child.id());
    let sent = spawn_blocking(move || Command::new("sh").args(["-c", &command]).status());
    ensure!(sent.await??.success(), "cannot send the signal {name}");
    Ok(())
}

/// How many descriptors a process has open, on Linux. Files of the store are left out: how many it has
/// depends on how much it holds.
fn descriptors(process: u32, store: &Path) -> Option<usize> {
    let open = fs::read_dir(format!("/proc/{process}/fd")).ok()?;
    let open = open.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
    Some(open.filter(|target| !target.starts_with(store)).count())
}
