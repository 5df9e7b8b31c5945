//! Starts the demo; `cargo workshop demo` starts it.

mod browser;
mod scratch;

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use demo::command::Command;
use demo::script::Script;
use demo::{Audience, Demo, Start, replay};
use scratch::Scratch;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;

#[derive(Parser)]
#[command(about = "Three replicas to look at, and a page to look at them")]
struct Arguments {
    /// The program of a replica
    #[arg(long)]
    program: PathBuf,
    /// The replicas run an attendee's own code, of which these exercises are open: `1.2 title; 1.3 title`
    #[arg(long, value_name = "EXERCISES")]
    mine_open: Option<String>,
    /// Play this script, print what is done, and end; - is standard input
    #[arg(long, value_name = "FILE")]
    script: Option<PathBuf>,
    /// Play the schedule of this file, which `cargo workshop world --json` writes, on the page
    #[arg(long, value_name = "FILE", conflicts_with = "script")]
    replay: Option<PathBuf>,
}

/// What is played at the beginning.
enum Play {
    Nothing,
    /// To the terminal, and then all ends.
    Script(Script),
    /// To the page, which stays.
    Replay(Script),
}

fn main() -> ExitCode {
    match begin(Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn begin(arguments: Arguments) -> Result<bool> {
    ensure!(cfg!(unix), "replicas are stopped and held by signals, which only Unix has");
    let program = arguments.program.canonicalize();
    let program = program.with_context(|| format!("there is no {}", arguments.program.display()))?;
    let play = match (&arguments.script, &arguments.replay) {
        (Some(script), _) => Play::Script(read(script)?),
        (None, Some(finding)) => Play::Replay(read_finding(finding)?),
        (None, None) => Play::Nothing,
    };
    let directory = Scratch::new().context("cannot make a directory")?;
    let start = Start { program, parent: directory.path().to_owned() };
    let runtime = Runtime::new().context("cannot start")?;
    let plays = matches!(play, Play::Script(_));
    let ended = runtime.block_on(async {
        // Told to end, this ends by dropping what runs. A script has not come to its end then.
        tokio::select! {
            ended = run(start, play, arguments.mine_open) => ended,
            told = cluster::told_to_end() => told.map(|()| !plays),
        }
    });
    // In this order: with the runtime end the tasks, with them the replicas, and then nobody writes into the
    // directory any more.
    drop(runtime);
    directory.close().context("cannot remove the directory of the replicas")?;
    ended
}

fn read(path: &Path) -> Result<Script> {
    Script::parse("script", &text(path)?).with_context(|| format!("in {}", path.display()))
}

fn read_finding(path: &Path) -> Result<Script> {
    replay::read(&text(path)?).with_context(|| format!("cannot play {}", path.display()))
}

fn text(path: &Path) -> Result<String> {
    let text = if path.as_os_str() == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        std::fs::read_to_string(path)
    };
    text.with_context(|| format!("cannot read {}", path.display()))
}

async fn run(start: Start, play: Play, mine_open: Option<String>) -> Result<bool> {
    let mine = mine_open.map(|open| exercises(&open));
    if let Some(open) = &mine {
        println!("{}", still_open(open));
    }
    let listener = TcpListener::bind("127.0.0.1:0").await.context("cannot listen on this machine")?;
    let address = format!("http://{}", listener.local_addr()?);
    let demo = Demo::new(start, mine).await?;
    let serving = demo::serve(listener, demo.clone());
    let acting = async {
        println!("{address}");
        if !matches!(play, Play::Script(_)) {
            println!("Open it in a browser; keys 1 to 7 play a scenario, and ctrl-c ends it all.");
            browser::open(&address);
        }
        demo.carry_out(Command::Stage { arguments: Vec::new() }).await?;
        let (script, audience) = match play {
            Play::Nothing => return std::future::pending().await,
            Play::Script(script) => (script, Audience::Terminal),
            Play::Replay(script) => (script, Audience::Page),
        };
        let played = demo.play(script, audience).await;
        if let Err(unfinished) = &played {
            eprintln!("{unfinished}");
        }
        if audience == Audience::Page {
            // People go back in time now.
            return std::future::pending().await;
        }
        anyhow::Ok(played.is_ok())
    };
    tokio::select! {
        served = serving => served.context("the page's server has ended").map(|()| false),
        acted = acting => acted,
    }
}

fn exercises(open: &str) -> Vec<String> {
    open.split(';').map(str::trim).filter(|exercise| !exercise.is_empty()).map(str::to_owned).collect()
}

fn still_open(open: &[String]) -> String {
    match open {
        [] => "Your own code, with no exercise open.".to_owned(),
        [one] => format!("Your own code; 1 exercise is open:\n  {one}"),
        open => format!("Your own code; {} exercises are open:\n  {}", open.len(), open.join("\n  ")),
    }
}
