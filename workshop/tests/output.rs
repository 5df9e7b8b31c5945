//! What is said reaches somebody, or that is an error; and what is not to be said there is none.
#![cfg(target_os = "linux")]
// A test fails by panicking.
#![allow(clippy::unwrap_used)]

mod fixture;

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::Stdio;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use fixture::Fixture;

#[test]
fn a_verdict_that_cannot_be_written_is_an_error_and_a_closed_pipe_is_none() {
    let fixture = Fixture::new("full");
    fixture.run(&["solve", "1", "--yes"]);
    for (arguments, code) in
        [(&["check", "1"][..], 0), (&["check", "2"], 1), (&["list", "--json"], 0), (&["--help"], 0)]
    {
        let mut command = fixture.command(arguments);
        let output = command.stdout(File::options().write(true).open("/dev/full").unwrap()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(String::from_utf8_lossy(&output.stderr).contains("No space left"), "{output:?}");

        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = fixture.command(arguments).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?} is heard by nobody: {output:?}");
    }
}

#[test]
fn a_verdict_is_given_where_nothing_can_be_remembered() {
    let fixture = Fixture::new("notes");
    fixture.run(&["solve", "1", "--yes"]);
    fs::remove_dir_all(fixture.root.join(".workshop")).unwrap();
    fixture.write(".workshop", "");
    for arguments in [&["check", "1"][..], &["check", "1", "--json"], &["hint", "1.1"]] {
        let said = fixture.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.errors);
        assert!(said.text.contains("1.1") && said.errors.contains("is not remembered"), "{}", said.errors);
    }
    for command in ["list", "next"] {
        assert_eq!(fixture.run(&[command]).code, 0, "{command}");
    }
}

#[test]
fn another_cargo_that_holds_the_lock_is_told_at_once() {
    let fixture = Fixture::new("lock");
    fixture.run(&["check", "1"]);
    let target = fixture.root.join("own-target");
    fs::create_dir_all(target.join("debug")).unwrap();
    let lock = File::create(target.join("debug/.cargo-lock")).unwrap();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();

    let mut command = fixture.command(&["check", "1"]);
    command.env("CARGO_TARGET_DIR", &target).env("CARGO_TERM_QUIET", "true");
    // A group, so that the cargo that waits ends with it.
    command.process_group(0).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let (sender, lines) = channel();
    let stderr = child.stderr.take().unwrap();
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            sender.send(line).unwrap();
        }
    });
    let told = std::iter::from_fn(|| lines.recv_timeout(Duration::from_secs(60)).ok());
    let told = told.into_iter().find(|line| line.contains("waiting") && !line.contains("package cache"));
    let group = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process_group(group, rustix::process::Signal::KILL).unwrap();
    child.wait().unwrap();
    drop(lock);
    assert!(told.is_some_and(|told| told.contains("waiting for another cargo")));
}
