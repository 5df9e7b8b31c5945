//! Builds the slides; `cargo workshop slides` starts it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

#[derive(Parser)]
#[command(about = "Makes of each deck one page that needs nothing else")]
struct Arguments {
    /// The folder of the decks
    #[arg(long, default_value = "slides")]
    decks: PathBuf,
    /// What the speaker reads where exercises begin, a JSON file; `cargo workshop slides` makes it
    #[arg(long)]
    work: PathBuf,
    /// Where the pages go
    #[arg(long, default_value = "target/slides")]
    out: PathBuf,
    /// Print each deck to PDF too, with a Chromium of this machine
    #[arg(long)]
    pdf: bool,
    /// Only decks whose names begin so: 05
    deck: Option<String>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<()> {
    let built = slides::build(&arguments.decks, arguments.deck.as_deref(), &arguments.work, &arguments.out)?;
    println!("DECK                 SLIDES  MINUTES   SIZE  PAGE");
    for deck in &built {
        let path = deck.path.display();
        println!(
            "{:20} {:6}  {:7}  {:3} kB  {path}",
            deck.name,
            deck.slides,
            deck.minutes,
            deck.bytes / 1000
        );
    }
    println!("All of them: {}", arguments.out.join("index.html").display());
    if arguments.pdf {
        for deck in &built {
            println!("{}", slides::pdf(deck)?.display());
        }
    }
    Ok(())
}
