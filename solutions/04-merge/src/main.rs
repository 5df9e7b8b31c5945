//! Two directories of chapter 01's program, merged by hand: to see what happens to each key.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail, ensure};
use clap::{Parser, Subcommand};
use engine::Engine;
use merge::{Applied, Merge, Options, Stamp, WallClock, relation};
use store::{Error, Identity, Key, Object, ReplicaId, Store};

#[derive(Parser)]
#[command(about = "Merges the directories of two replicas, shows what was lost, and collects tombstones")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Gives each of two replicas what the other has, and prints a line per key
    Merge { left: PathBuf, right: PathBuf },
    /// Prints the writes that were lost in a directory, the latest first
    Stomps {
        directory: PathBuf,
        /// The most to print
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Forgets the tombstones of a directory that may go, after hearing the reports of these others
    Collect { directory: PathBuf, others: Vec<PathBuf> },
    /// Gives up a replica: nobody waits for it any more, and it is refused
    Leave { directory: PathBuf, replica: u64 },
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse().command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

/// A replica whose directory is open.
struct Node {
    store: Store,
    merge: Merge,
}

impl Node {
    async fn open(directory: &Path) -> Result<Self> {
        ensure!(
            directory.is_dir(),
            "there is no directory {}; make it with chapter 01's program",
            directory.display()
        );
        let engine = Engine::leveldb(directory).await?;
        let identity =
            |replica| Identity { replica: ReplicaId(replica), region: "local".into(), owner: "me".into() };
        let store = match Store::open(engine.clone(), identity(1), Vec::new()).await {
            // The directory knows whose it is.
            Err(Error::WrongReplica { found, .. }) => {
                Store::open(engine, identity(found.0), Vec::new()).await?
            }
            other => other?,
        };
        // By hand no session is ever in progress, so a report can be used at once.
        let options = Options { settle: Duration::ZERO, ..Options::default() };
        Ok(Self { store, merge: Merge::new(options, WallClock::system()) })
    }

    fn id(&self) -> ReplicaId {
        self.store.identity().replica
    }

    async fn take(&self, key: &Key, theirs: Option<Object>) -> Result<Option<Applied>, Error> {
        let Some(theirs) = theirs else { return Ok(None) };
        let (merge, key) = (self.merge.clone(), key.clone());
        self.store.write(move |write| merge.apply(write, &key, &theirs)).await.map(Some)
    }

    async fn close(self) -> Result<()> {
        Ok(self.store.engine().close().await?)
    }
}

async fn run(command: Command) -> Result<()> {
    match command {
        Command::Merge { left, right } => merge_directories(&left, &right).await,
        Command::Stomps { directory, limit } => {
            let node = Node::open(&directory).await?;
            let stomps = node.merge.stomps(&node.store, limit).await?;
            let now = WallClock::system().now();
            for stomp in stomps {
                let seconds = now.saturating_sub(stomp.at).as_secs();
                let content = show(&stomp.lost);
                let (key, lost, winner) = (&stomp.key, stomp.lost.version, stomp.winner);
                writeln!(io::stdout(), "{seconds} s ago  {key}  {lost} {content} lost against {winner}")?;
            }
            node.close().await
        }
        Command::Collect { directory, others } => collect(&directory, &others).await,
        Command::Leave { directory, replica } => {
            let node = Node::open(&directory).await?;
            ensure!(
                node.id() != ReplicaId(replica),
                "{} is the directory of replica {replica} itself; name one of the others",
                directory.display()
            );
            node.merge.leave_behind(&node.store, ReplicaId(replica)).await?;
            node.close().await
        }
    }
}

async fn merge_directories(left: &Path, right: &Path) -> Result<()> {
    let (left, right) = (Node::open(left).await?, Node::open(right).await?);
    if left.id() == right.id() {
        bail!("both directories belong to replica {}; make one of them with --replica 2", left.id());
    }
    left.merge.check(&left.store, right.id()).await?;
    right.merge.check(&right.store, left.id()).await?;
    // Each key of the left one, and then those that only the right one has.
    exchange(&left, &right, &left).await?;
    exchange(&left, &right, &right).await?;
    // Nobody else writes here, so each has applied what the other knows now.
    for (node, other) in [(&left, &right), (&right, &left)] {
        let (merge, knowledge) = (node.merge.clone(), other.merge.knowledge(&other.store).await?);
        node.store.write(move |write| merge.adopt(write, &knowledge)).await?;
    }
    for node in [left, right] {
        let knowledge = node.merge.knowledge(&node.store).await?;
        writeln!(io::stdout(), "replica {} knows {knowledge}", node.id())?;
        node.close().await?;
    }
    Ok(())
}

/// Goes over all keys of one of the two; prints those that differ.
async fn exchange(left: &Node, right: &Node, keys_of: &Node) -> Result<()> {
    let mut after = None;
    loop {
        let chunk = keys_of.store.heads(after.as_ref(), 128).await?;
        let Some((last, _)) = chunk.last() else { return Ok(()) };
        after = Some(last.clone());
        for (key, _) in chunk {
            let ours = left.store.get_with_tombstone(&key).await?;
            let theirs = right.store.get_with_tombstone(&key).await?;
            if ours == theirs {
                continue;
            }
            let happened = match (&ours, &theirs) {
                (Some(ours), Some(theirs)) => relation(&Stamp::from(ours), &Stamp::from(theirs)).to_string(),
                _ => "unknown to one".into(),
            };
            let held = |object: &Option<Object>| object.as_ref().map_or("-".into(), held);
            let line = format!("{key}  {} | {}  {happened}", held(&ours), held(&theirs));
            let (here, there) = (left.take(&key, theirs).await?, right.take(&key, ours).await?);
            let became = |node: &Node, applied: Option<Applied>| match applied {
                Some(applied) => format!("; at replica {}: {}", node.id(), applied.name()),
                None => String::new(),
            };
            writeln!(io::stdout(), "{line}{}{}", became(left, here), became(right, there))?;
        }
    }
}

async fn collect(directory: &Path, others: &[PathBuf]) -> Result<()> {
    let node = Node::open(directory).await?;
    let mut members = Vec::new();
    for other in others {
        let other = Node::open(other).await?;
        node.merge.check(&node.store, other.id()).await?;
        let knowledge = other.merge.knowledge(&other.store).await?;
        writeln!(io::stdout(), "replica {} says that it knows {knowledge}", other.id())?;
        node.merge.report(other.id(), knowledge);
        members.push(other.id());
        other.close().await?;
    }
    let collected = node.merge.collect(&node.store, &members).await?;
    let knowledge = node.merge.knowledge(&node.store).await?;
    writeln!(io::stdout(), "replica {} knows {knowledge}", node.id())?;
    writeln!(io::stdout(), "forgotten {}, kept {}", collected.forgotten, collected.kept)?;
    node.close().await
}

fn held(object: &Object) -> String {
    format!("{} {}", object.version, show(object))
}

fn show(object: &Object) -> String {
    object.value().map_or("tombstone".into(), |value| format!("\"{}\"", value.escape_ascii()))
}
