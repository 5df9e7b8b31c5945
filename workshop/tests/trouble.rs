//! What an attendee is told when something is wrong.

mod fixture;

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use fixture::{Fixture, Said};

const LIB: &str = "chapters/01-counter/src/lib.rs";
const TESTS: &str = "chapters/01-counter/tests/check.rs";
const SNAPSHOT: &str = "chapters/01-counter/tests/snapshots/check__after_one.snap";
const FIRST: &str = "todo!(\"exercise 1.1: Count one\")";

/// The text has all parts, the command ended as an exercise that hasn't passed does, and nothing is coloured.
fn tells(said: &Said, parts: &[&str]) {
    for part in parts {
        assert!(said.text.contains(part), "no {part:?} in\n{}{}", said.text, said.errors);
    }
    assert_eq!(said.code, 1, "{}{}", said.text, said.errors);
    assert!(!said.text.contains('\x1b') && !said.errors.contains('\x1b'), "{}", said.text);
}

#[test]
fn an_open_exercise_is_shown_with_its_place() {
    let fixture = Fixture::new("open");
    let said = fixture.run(&["check", "1"]);
    tells(&said, &["○ open", "Still open: chapters/01-counter/src/lib.rs:13", "cargo workshop hint 1.1"]);
    assert!(!said.text.contains("✗"), "{}", said.text);
    // Reached in a thread, and in a file that is to be mended.
    fixture.run(&["solve", "1.1"]);
    tells(&fixture.run(&["check", "1.2"]), &["Still open: chapters/01-counter/src/lib.rs:35"]);
    tells(&fixture.run(&["check", "1.3"]), &["○ open", "lib.rs:44", "Promised\n    It goes down."]);
}

#[test]
fn a_wrong_answer_is_a_story() {
    let fixture = Fixture::new("wrong");
    fixture.edit(LIB, FIRST, "println!(\"adding\");\n        self.0 += 2;");
    let said = fixture.run(&["check", "1.1"]);
    tells(
        &said,
        &[
            "✗ wrong",
            "Promised\n    A call counts one.",
            "- expected   + yours\n      counter\n    -   value 1\n    +   value 2\n",
            "Note: the seed was 42",
            "Printed\n    adding\n",
            "chapters/01-counter/tests/check.rs:9",
            "cargo workshop check 1.1",
        ],
    );
    assert!(!said.text.contains("stack backtrace") && !said.text.contains("panicked at"), "{}", said.text);
}

#[test]
fn a_panic_in_a_thread_is_told_first() {
    let fixture = Fixture::new("thread");
    fixture.run(&["solve", "1.2"]);
    fixture.edit(LIB, "self.0 + 2", "[1, 2][self.0 as usize + 2]");
    let said = fixture.run(&["check", "1.2"]);
    tells(
        &said,
        &["A panic at chapters/01-counter/src/lib.rs:35, in thread 'unnamed'", "index out of bounds"],
    );
    let (cause, effect) = (said.text.find("A panic at"), said.text.find("twice there and once here"));
    assert!(cause.is_some() && effect.is_some() && cause < effect, "{}", said.text);
}

#[test]
fn what_ends_the_process_has_not_passed() {
    let fixture = Fixture::new("exit");
    fixture.edit(LIB, FIRST, "std::process::exit(0)");
    tells(&fixture.run(&["check", "1.1"]), &["✗ wrong", "ended before the test had finished"]);
}

#[test]
fn no_answer_names_the_usual_cause() {
    let fixture = Fixture::new("hang");
    fixture.run(&["solve", "1.2"]);
    fixture.edit(LIB, "self.0 + 2", "loop { std::thread::yield_now(); }");
    tells(
        &fixture.run(&["check", "1.2"]),
        &["✗ no answer", "No answer within 5 seconds", "A counter that waits for"],
    );
}

#[test]
fn a_chapter_without_a_fleet_names_those_that_have_one() {
    let fixture = Fixture::new("fleet");
    fixture.write("chapters/02-pair/world/main.rs", "fn main() {}");
    let said = fixture.run(&["world", "--chapter", "1"]);
    assert_eq!(said.code, 2, "{}", said.text);
    for part in ["after chapter 01 no replica sends its writes", "there is after 02 A pair"] {
        assert!(said.errors.contains(part), "no {part:?} in\n{}", said.errors);
    }
}

#[test]
fn a_compile_error_names_its_exercise() {
    let fixture = Fixture::new("compile");
    fixture.edit(LIB, FIRST, "self.1 += 1;");
    let said = fixture.run(&["check", "1"]);
    tells(&said, &["The compiler stops in exercise 1.1: chapters/01-counter/src/lib.rs:13", "error[E0609]"]);
    assert!(!said.text.contains("warning") && !said.text.contains("could not compile"), "{}", said.text);

    fixture.run(&["reset", "1.1"]);
    fixture.edit(LIB, "pub struct Counter(pub u64);", "pub struct Counter(pub u64;");
    tells(
        &fixture.run(&["check", "1"]),
        &["The compiler stops at chapters/01-counter/src/lib.rs:47", "not as they were given"],
    );

    fixture.edit(LIB, "pub struct Counter(pub u64;", "pub struct Counter(pub u64);");
    fixture.run(&["solve", "1.1"]);
    fixture.edit(LIB, "pub fn less", "pub fn fewer");
    tells(&fixture.run(&["check", "1"]), &["calls something that your code no longer offers", TESTS]);
}

#[test]
fn an_earlier_chapter_is_named() {
    let fixture = Fixture::new("earlier");
    tells(&fixture.run(&["check", "2"]), &["exercise 1.1 is still open", "cargo workshop catch-up 02"]);

    fixture.run(&["catch-up", "2"]);
    tells(&fixture.run(&["check", "2"]), &["○ open", "chapters/02-pair/src/lib.rs"]);
    fixture.run(&["solve", "2.1"]);
    assert_eq!(fixture.run(&["check", "2"]).code, 0);

    fixture.edit(LIB, "self.0 += 1;", "let _ = 0;\n        todo!(\"exercise 1.1: Count one\")");
    tells(&fixture.run(&["check", "2"]), &["exercise 1.1 is still open", "cargo workshop catch-up 02"]);
    fixture.edit(LIB, "let _ = 0;", "let _: () = 0;");
    tells(
        &fixture.run(&["check", "2"]),
        &["Chapter 01, which this one is built on, does not compile", "E0308"],
    );
}

#[test]
fn a_test_that_was_changed_never_passes() {
    let fixture = Fixture::new("tests");
    for id in ["1.1", "1.2", "1.3"] {
        fixture.run(&["solve", id]);
    }
    assert_eq!(fixture.run(&["check", "1"]).code, 0);

    let (tests, snapshot) = (fixture.read(TESTS), fixture.read(SNAPSHOT));
    // Without git there is nothing to bring it back from.
    fixture.write(TESTS, "");
    let said = fixture.run(&["check", "1"]);
    tells(&said, &[TESTS, "has been changed", "Git does not have it here"]);
    assert!(!said.text.contains("git checkout"), "{}", said.text);
    fixture.write(TESTS, &tests);
    git(&fixture, &["init", "--quiet"]);
    git(&fixture, &["add", "chapters"]);
    git(
        &fixture,
        &["-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "--message", "as given"],
    );
    let bring_back = format!("git checkout HEAD -- {TESTS}");
    fixture.write(TESTS, "");
    tells(&fixture.run(&["check", "1"]), &[TESTS, "has been changed", &bring_back]);
    fixture.write(TESTS, &tests[..tests.find("#[test]\nfn ex_1_3").unwrap()]);
    tells(&fixture.run(&["check", "1.3"]), &["has been changed", &bring_back]);
    fs::remove_file(fixture.root.join(TESTS)).unwrap();
    tells(&fixture.run(&["check", "1"]), &["is missing", &bring_back]);
    let json = fixture.run(&["check", "1", "--json"]);
    tells(&json, &["\"outcome\": \"wrong\"", &bring_back]);
    // Other line ends are no change.
    fixture.write(TESTS, &tests.replace('\n', "\r\n"));
    assert_eq!(fixture.run(&["check", "1"]).code, 0);

    fixture.edit(LIB, "self.0 += 1", "self.0 += 2");
    fixture.write(SNAPSHOT, &snapshot.replace("value 1", "value 2"));
    tells(&fixture.run(&["check", "1"]), &["has been changed", &format!("git checkout HEAD -- {SNAPSHOT}")]);
    // The words do what they say, even where the change is staged.
    git(&fixture, &["add", "chapters"]);
    git(&fixture, &["checkout", "HEAD", "--", SNAPSHOT]);
    assert_eq!(fixture.read(SNAPSHOT), snapshot);
}

#[allow(clippy::unwrap_used)]
fn git(fixture: &Fixture, arguments: &[&str]) {
    let status = Command::new("git").args(arguments).current_dir(&fixture.root).status().unwrap();
    assert!(status.success(), "git {arguments:?}");
}

#[test]
fn a_given_test_that_breaks_is_told() {
    let fixture = Fixture::new("given");
    for id in ["1.1", "1.2", "1.3"] {
        fixture.run(&["solve", id]);
    }
    fixture.edit(LIB, "#[derive(Default)]", "");
    fixture.edit(LIB, "impl Counter {", "impl Default for Counter {\n    fn default() -> Self {\n        Counter(1)\n    }\n}\nimpl Counter {");
    tells(
        &fixture.run(&["check", "1"]),
        &["given_starts_at_zero, which was right as given", "starts at zero", "cargo workshop reset 01"],
    );
    let said = fixture.run(&["check", "1"]);
    assert!(!said.text.contains("Passed. On to"), "{}", said.text);
    let next = fixture.run(&["next"]).text;
    assert!(next.contains("given_starts_at_zero") && !next.contains("2.1"), "{next}");
    fixture.run(&["reset", "1"]);
    fixture.run(&["solve", "1", "--yes"]);
    let said = fixture.run(&["check", "1"]);
    assert!(said.code == 0 && said.text.contains("Passed. On to chapter 02"), "{}", said.text);
    assert!(fixture.run(&["next"]).text.contains("2.1"));
}

#[test]
fn a_test_that_prints_for_ever_ends_and_its_promise_is_told() {
    let fixture = Fixture::new("flood");
    for endless in ["loop { println!(\"again {}\", self.0); }", "loop { print!(\"xxxxxxxxxxxxxxxx\"); }"] {
        fixture.run(&["reset", "1.1"]);
        fixture.edit(LIB, FIRST, endless);
        let started = Instant::now();
        let said = fixture.run(&["check", "1.1"]);
        tells(&said, &["✗ no answer", "Promised\n    A call counts one.", "Printed"]);
        assert!(said.text.len() < 60_000, "{} bytes are told", said.text.len());
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    }
}

#[test]
fn a_marker_that_was_removed_is_named() {
    let fixture = Fixture::new("marker");
    let given = fixture.read(LIB);
    fixture.edit(LIB, "// exercise 1.2, continued: what the worker adds", "// mine");
    fixture.edit(LIB, "// end exercise 1.2", "//");
    let beginning = "// exercise 1.2, continued: what the worker adds";
    let said = fixture.run(&["check", "1"]);
    let words = format!(
        "exercise 1.2, continued has no beginning. Put this line back, above your code:\n    {beginning}"
    );
    assert!(said.text.contains(&words), "{}", said.text);
    for command in ["solve", "reset", "diff"] {
        let said = fixture.run(&[command, "1.2"]);
        assert_eq!(said.code, 2, "{}", said.text);
        assert!(said.errors.contains("chapters/01-counter/src/lib.rs"), "{}", said.errors);
        assert!(said.errors.contains("cargo workshop reset 01"), "{}", said.errors);
    }
    // What is told is enough.
    fixture.edit(LIB, "// mine", beginning);
    let said = fixture.run(&["check", "1"]);
    let words = "exercise 1.2 has no end. Put this line back, below your code, between lines 22 and 32:\n    // end exercise 1.2";
    assert!(said.text.contains(words), "{}", said.text);
    fixture.edit(
        LIB,
        "                //\n            })",
        "                // end exercise 1.2\n            })",
    );
    assert_eq!(fixture.read(LIB), given);
    assert!(!fixture.run(&["check", "1"]).text.contains("marker"));
    fixture.edit(LIB, "// end exercise 1.2", "//");
    assert_eq!(fixture.run(&["reset", "01"]).code, 0);
    assert_eq!(fixture.read(LIB), given);
}
