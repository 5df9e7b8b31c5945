//! The verdict is about the bytes that are there, and the program that runs is the one that was just built.

mod fixture;

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use fixture::{Fixture, Said};

const LIB: &str = "chapters/01-counter/src/lib.rs";

/// Writes a file as `cp -p`, rsync or a synchronized folder bring it: with the time it had elsewhere. After a build under
/// a clock that was ahead, each edit looks like that.
#[allow(clippy::unwrap_used)] // A test fails by panicking.
fn write_old(fixture: &Fixture, path: &str, text: &str) {
    fixture.write(path, text);
    let file = File::options().write(true).open(fixture.root.join(path)).unwrap();
    file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)).unwrap();
}

fn solved(name: &str) -> (Fixture, String) {
    let fixture = Fixture::new(name);
    fixture.run(&["solve", "1", "2", "--yes"]);
    let right = fixture.read(LIB);
    assert_eq!(fixture.run(&["check", "1"]).code, 0);
    (fixture, right)
}

#[test]
fn a_file_that_comes_back_with_an_old_time_is_built_again() {
    let (fixture, right) = solved("old-times");
    assert_eq!(fixture.run(&["check", "2"]).code, 0);
    for (wrong, words) in [("self.0 += 2", "✗ wrong"), ("self.1 += 1", "error[E0609]")] {
        write_old(&fixture, LIB, &right.replace("self.0 += 1", wrong));
        let said = fixture.run(&["check", "1"]);
        assert!(said.code == 1 && said.text.contains(words), "{}{}", said.text, said.errors);
        write_old(&fixture, LIB, &right);
        assert_eq!(fixture.run(&["check", "1"]).code, 0, "right again");
    }
    // The chapter below counts as well.
    write_old(&fixture, LIB, &right.replace("self.0 += 1", "self.0 += 2"));
    assert_eq!(fixture.run(&["check", "2"]).code, 1);
    write_old(&fixture, LIB, &right);
    assert_eq!(fixture.run(&["check", "2"]).code, 0);
}

#[test]
fn what_another_cargo_built_meanwhile_is_not_taken_for_it() {
    let (fixture, right) = solved("another-cargo");
    fixture.write(LIB, &right.replace("self.0 += 1", "self.0 += 2"));
    assert!(built(&fixture).iter().any(|(name, fresh)| name.starts_with("libcounter") && !fresh));
    write_old(&fixture, LIB, &right);
    let said = fixture.run(&["check", "1"]);
    assert_eq!(said.code, 0, "{}", said.text);
}

/// Builds the tests of chapter 01 without the toolkit: the files of this fixture's packages, and whether they were there.
#[allow(clippy::unwrap_used)]
fn built(fixture: &Fixture) -> Vec<(String, bool)> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--offline", "-q", "-p", "ch01-counter", "--test", "check", "--no-run"]);
    cargo.arg("--message-format=json").current_dir(&fixture.root).env("CARGO_TARGET_DIR", fixture::target());
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let own = fixture.root.to_string_lossy();
    let mut built = Vec::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        if message["manifest_path"].as_str().is_some_and(|path| path.starts_with(&*own)) {
            let file = Path::new(message["filenames"][0].as_str().unwrap()).file_stem().unwrap();
            built.push((file.to_string_lossy().into_owned(), message["fresh"].as_bool().unwrap()));
        }
    }
    built
}

#[test]
fn the_program_that_runs_is_the_one_that_was_built() {
    let (fixture, right) = solved("where");
    let host = host();
    let check = |settings: &[(&str, &str)], folder: &str| -> Said {
        let mut command = fixture.command(&["check", "1.1"]);
        command.env_remove("CARGO_TARGET_DIR").current_dir(fixture.root.join(folder));
        command.envs(settings.iter().copied());
        fixture::said(&mut command)
    };
    let elsewhere = "[build]\ntarget-dir = \"elsewhere\"\n\n[env]\nINSTA_UPDATE = \"no\"\n";
    for (settings, folder, config, built) in [
        (&[("CARGO_TARGET_DIR", "here")][..], "chapters/01-counter", None, "chapters/01-counter/here/debug"),
        (&[("CARGO_BUILD_TARGET", host.as_str())], "", None, &format!("target/{host}/debug")),
        (&[], "", Some(elsewhere), "elsewhere/debug"),
    ] {
        if let Some(config) = config {
            fixture.write(".cargo/config.toml", config);
        }
        for (wrong, code) in [("self.0 += 1", 0), ("self.0 += 2", 1), ("self.0 += 1", 0)] {
            write_old(&fixture, LIB, &right.replace("self.0 += 1", wrong));
            let said = check(settings, folder);
            assert_eq!(said.code, code, "{settings:?} {config:?}: {}{}", said.text, said.errors);
        }
        assert!(fixture.root.join(built).is_dir(), "nothing in {built}");
    }
}

fn host() -> String {
    let said = Command::new("rustc").arg("-vV").output().map(|output| output.stdout).unwrap_or_default();
    let said = String::from_utf8_lossy(&said).into_owned();
    said.lines().find_map(|line| line.strip_prefix("host: ")).unwrap_or_default().to_owned()
}
