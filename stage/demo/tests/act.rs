//! What is done while something else is under way: a start that hangs, a script that plays.
#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

use std::future::Future;
use std::path::PathBuf;
use std::time::Duration;

use demo::event::Standing;
use demo::script::Script;
use demo::{Audience, Demo, Start, Unfinished};
use tempfile::TempDir;
use tokio::time::{sleep, timeout};

/// A demo whose replicas hang while they start.
async fn demo() -> (Demo, TempDir) {
    let directory = TempDir::new().unwrap();
    let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/programs/hangs");
    let start = Start { program, parent: directory.path().to_owned() };
    (Demo::new(start, None).await.unwrap(), directory)
}

/// What comes of a command, which must not take as long as a start may.
async fn act(demo: &Demo, command: &str) -> Result<String, String> {
    soon(demo.act(command.parse().unwrap())).await.map_err(|refused| refused.to_string())
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(10), future).await.expect("it waits for a replica that hangs")
}

async fn stand(demo: &Demo, standing: [Standing; 3]) {
    let stands = || demo.feed().state().replicas.iter().map(|replica| replica.state).eq(standing);
    while !stands() {
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_replica_that_hangs_while_it_starts_holds_up_nobody() {
    let (demo, _directory) = demo().await;
    let first = tokio::spawn({
        let demo = demo.clone();
        async move { demo.act("stage".parse().unwrap()).await }
    });
    let starting = [Standing::Starting; 3];
    soon(stand(&demo, starting)).await;
    assert_eq!(act(&demo, "cut us de").await.unwrap(), "the link us - de is cut");
    let instead = "replica us is starting: wait until it runs, or kill us";
    for command in ["put us apple red", "start us", "pause us", "continue us"] {
        assert_eq!(act(&demo, command).await.unwrap_err(), instead, "{command}");
    }
    assert_eq!(act(&demo, "kill us").await.unwrap(), "us is killed");
    soon(stand(&demo, [Standing::Down, Standing::Starting, Standing::Starting])).await;
    assert_eq!(act(&demo, "put us apple red").await.unwrap_err(), "replica us does not run: start us");

    // It starts again, and whoever asked for that hears that it came to nothing.
    let again = tokio::spawn({
        let demo = demo.clone();
        async move { demo.act("start us".parse().unwrap()).await }
    });
    soon(stand(&demo, starting)).await;
    act(&demo, "kill us").await.unwrap();
    let answer = soon(again).await.unwrap().unwrap_err().to_string();
    assert_eq!(answer, "us was killed before it was ready");

    // So does a stage that another one follows.
    let second = tokio::spawn({
        let demo = demo.clone();
        async move { demo.act("stage".parse().unwrap()).await }
    });
    assert_eq!(soon(first).await.unwrap().unwrap(), "another stage has taken its place");
    soon(stand(&demo, starting)).await;
    for region in ["us", "de", "sg"] {
        act(&demo, &format!("kill {region}")).await.unwrap();
    }
    let answer = soon(second).await.unwrap().unwrap();
    assert_eq!(answer, "0 of 3 replicas run: the page shows the last lines of the others");
}

#[tokio::test]
async fn one_plays_at_a_time_and_the_later_one_does() {
    let (demo, _directory) = demo().await;
    let plays = || demo.feed().state().caption.and_then(|caption| caption.scenario);
    for end in ["stop", "stage", "scenario quiet"] {
        let script = Script::parse("script", "say Look.\nwait 60").unwrap();
        let playing = tokio::spawn({
            let demo = demo.clone();
            async move { demo.play(script, Audience::Terminal).await }
        });
        soon(async {
            while plays().as_deref() != Some("script") {
                sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
        // A stage waits for its replicas, and the script does not.
        let ending = tokio::spawn({
            let demo = demo.clone();
            async move { demo.act(end.parse().unwrap()).await }
        });
        assert_eq!(soon(playing).await.unwrap(), Err(Unfinished::Ended), "{end}");
        assert_ne!(plays().as_deref(), Some("script"), "{end}");
        ending.abort();
    }
}
