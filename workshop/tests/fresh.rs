//! The verdict is about the bytes that are there, and the program that runs is the one that was just built.

mod fixture;

use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

use fixture::{Fixture, Said};

const LIB: &str = "chapters/01-counter/src/lib.rs";

/// Writes a file as `cp -p`, rsync or a synchronized folder bring it: with the time it had elsewhere.
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
    let (fixture, right) = solved("meanwhile");
    fixture.write(LIB, &right.replace("self.0 += 1", "self.0 += 2"));
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--offline", "-q", "-p", "ch01-counter", "--test", "check", "--no-run"]);
    cargo.current_dir(&fixture.root).env("CARGO_TARGET_DIR", fixture::target());
    assert!(cargo.status().is_ok_and(|status| status.success()));
    write_old(&fixture, LIB, &right);
    let said = fixture.run(&["check", "1"]);
    assert_eq!(said.code, 0, "{}", said.text);
}

#[test]
fn a_clock_that_was_ahead_when_it_was_built_hides_nothing() {
    let (fixture, right) = solved("clock");
    ahead(&fixture::target().join("debug/.fingerprint"), "ch01-counter");
    fixture.write(LIB, &right.replace("self.0 += 1", "self.0 += 2"));
    let said = fixture.run(&["check", "1"]);
    assert!(said.code == 1 && said.text.contains("✗ wrong"), "{}", said.text);
}

/// Puts the times of all that cargo took down about a package a day ahead.
#[allow(clippy::unwrap_used)]
fn ahead(folder: &Path, package: &str) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        if entry.file_name().to_string_lossy().starts_with(package) {
            for file in fs::read_dir(entry.path()).unwrap().flatten() {
                let file = File::options().append(true).open(file.path()).unwrap();
                file.set_modified(SystemTime::now() + Duration::from_secs(86_400)).unwrap();
            }
        }
    }
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
