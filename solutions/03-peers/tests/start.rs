//! What a replica's process refuses at its start, rather than tell of it each second afterwards.
#![allow(clippy::unwrap_used, clippy::panic)]

use clap::Parser;
use peers::{Node, Options};
use tempfile::TempDir;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    options: Options,
}

/// What comes of a start with `more`.
async fn start(more: &str) -> Result<(), String> {
    let data = TempDir::new().unwrap();
    let directory = data.path().display().to_string();
    let line = ["replica", "--grpc=127.0.0.1:0", "--http=127.0.0.1:0", "--replica=2", more, &directory];
    let options = Line::try_parse_from(line).map_err(|error| error.to_string())?.options;
    Node::open(&options, Vec::new(), |_| {}).await.map(drop).map_err(|error| error.to_string())
}

#[tokio::test]
async fn what_cannot_be_dialed_is_refused_at_the_start() {
    for (option, wrong, right) in [
        ("--seeds", "junk", "http://junk:4400"),
        ("--seeds", "http://127.0.0.1:1,us-1:4400", "http://127.0.0.1:1,http://us-1:4400"),
        ("--seeds", "https://us-1:4400", "http://us-1:4400"),
        ("--seed-dns", "atoll", "atoll:4400"),
        ("--seed-dns", "http://atoll:4400", "atoll:4400"),
        ("--advertise", "::::", "http://us-1:4400"),
        ("--advertise", "http://0.0.0.0:4400", "http://127.0.0.1:4400"),
        ("--advertise", "https://us-1:4400", "http://us-1:4400"),
        ("--dial", "2=junk", "2=http://junk:4400"),
    ] {
        let Err(error) = start(&format!("{option}={wrong}")).await else {
            panic!("it starts with {option}={wrong}");
        };
        let told = error.contains("http://HOST:PORT") || error.contains("a name and a port");
        assert!(told, "{option}={wrong}: {error}");
        assert_eq!(start(&format!("{option}={right}")).await, Ok(()), "{option}={right}");
    }
}
