//! An attendee's whole way through a tiny workshop.

mod fixture;

use fixture::Fixture;
use serde_json::Value;

const LIB: &str = "chapters/01-counter/src/lib.rs";

/// The outcomes of a chapter's exercises, and the status of the check.
#[allow(clippy::unwrap_used)] // A test fails by panicking.
fn outcomes(fixture: &Fixture, chapter: &str) -> (Vec<String>, i32) {
    let said = fixture.run(&["check", chapter, "--json"]);
    let document: Value = serde_json::from_str(&said.text).unwrap();
    let exercises = document["exercises"].as_array().unwrap();
    (exercises.iter().map(|each| each["outcome"].as_str().unwrap().to_owned()).collect(), said.code)
}

#[test]
fn from_open_to_passed_and_back() {
    let fixture = Fixture::new("way");
    assert_eq!(outcomes(&fixture, "1"), (vec!["open".into(), "open".into(), "open".into()], 1));
    let given = fixture.read(LIB);

    for (solved, id) in ["1.1", "1.2", "1.3"].iter().enumerate() {
        let next = fixture.run(&["next"]).text;
        assert!(next.contains(id) && next.contains(LIB), "{next}");
        let said = fixture.run(&["solve", id]);
        assert!(
            said.text.contains(&format!(".workshop/saved/{:04}-solve-{id}", solved + 1)),
            "{}",
            said.text
        );
        let wanted: Vec<String> =
            (0..3).map(|index| if index <= solved { "passed" } else { "open" }.to_owned()).collect();
        assert_eq!(outcomes(&fixture, "01").0, wanted);
    }
    let said = fixture.run(&["check", "1"]);
    assert_eq!(said.code, 0, "{}", said.text);
    assert!(said.text.contains("On to chapter 02"), "{}", said.text);
    assert_eq!(fixture.run(&["check"]).text.lines().next().map(|line| &line[..9]), Some("02 A pair"));

    assert_eq!(fixture.run(&["reset", "1.2"]).code, 0);
    assert_eq!(outcomes(&fixture, "1").0, ["passed", "open", "passed"]);
    assert_eq!(fixture.run(&["reset", "1"]).code, 0);
    assert_eq!(fixture.read(LIB), given);

    fixture.run(&["undo"]);
    assert_eq!(outcomes(&fixture, "1").0, ["passed", "open", "passed"]);
    for _ in 0..4 {
        fixture.run(&["undo"]);
    }
    assert_eq!(fixture.read(LIB), given);
    assert!(fixture.run(&["undo"]).text.contains("nothing to undo"));
}

#[test]
fn own_work_comes_back() {
    let fixture = Fixture::new("own");
    fixture.edit(LIB, "todo!(\"exercise 1.1: Count one\")", "self.0 = self.0 + 1; // mine");
    fixture.write("chapters/01-counter/src/mine.rs", "//! A file of my own.\n");
    let mine = fixture.read(LIB);
    fixture.run(&["reset", "1"]);
    assert!(!fixture.read(LIB).contains("mine"));
    assert!(!fixture.root.join("chapters/01-counter/src/mine.rs").exists());
    fixture.run(&["undo"]);
    assert_eq!(fixture.read(LIB), mine);
    assert_eq!(fixture.read("chapters/01-counter/src/mine.rs"), "//! A file of my own.\n");
}

#[test]
fn hints_come_one_by_one_and_the_code_last() {
    let fixture = Fixture::new("hint");
    let hints: Vec<String> = (0..4).map(|_| fixture.run(&["hint", "1.2"]).text).collect();
    assert!(hints[0].contains("Two places.") && hints[0].contains("hint 1 of 2"), "{}", hints[0]);
    assert!(hints[1].contains("Both add.") && !hints[1].contains("self.0"), "{}", hints[1]);
    assert!(hints[2].contains("sum + 1") && hints[2].contains("self.0 + 2"), "{}", hints[2]);
    assert_eq!(hints[2], hints[3]);
}

#[test]
fn diff_shows_both_regions_and_the_remark() {
    let fixture = Fixture::new("diff");
    fixture.edit(LIB, "todo!(\"exercise 1.2: Count in two places\")", "sum + 7");
    let said = fixture.run(&["diff", "1.2"]);
    assert_eq!((said.text.as_str(), said.code), ("", 2), "nothing is shown without a word");
    assert!(
        said.errors.contains("has not passed yet: 1.2") && said.errors.contains("--yes"),
        "{}",
        said.errors
    );
    let text = fixture.run(&["diff", "1.2", "--yes"]).text;
    for part in ["- sum + 7\n", "+ sum + 1\n", "+ self.0 + 2\n", "Both halves.", "lib.rs:25"] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
    assert!(!text.contains("self.0 += 1"), "{text}");
}

#[test]
fn a_whole_chapter_is_not_filled_in_without_a_word() {
    let fixture = Fixture::new("whole");
    let given = fixture.read(LIB);
    let said = fixture.run(&["solve", "1.1", "1"]);
    assert!(said.code == 2 && said.errors.contains("every exercise of chapter 01"), "{}", said.errors);
    assert_eq!(fixture.read(LIB), given);
    assert_eq!(fixture.run(&["solve", "1.1", "1", "--yes"]).code, 0);
    // What has passed is shown, and what is filled in has.
    assert_eq!(fixture.run(&["diff", "1"]).code, 0);
}

#[test]
fn what_the_author_says_is_told_when_an_exercise_has_passed() {
    let fixture = Fixture::new("remark");
    fixture.edit(LIB, "todo!(\"exercise 1.1: Count one\")", "self.0 = self.0 + 1;");
    let check = || fixture.run(&["check", "1.1"]).text;
    let text = check();
    assert!(text.contains("One more is enough.") && text.contains("cargo workshop diff 1.1"), "{text}");
    assert!(!check().contains("One more is enough."), "once");
    // What was filled in is nobody's answer.
    fixture.run(&["solve", "1.3"]);
    assert!(!fixture.run(&["check", "1.3"]).text.contains("The sign was wrong."));
}

#[test]
fn list_is_a_document_too() {
    let fixture = Fixture::new("list");
    fixture.run(&["solve", "1.1"]);
    let document: Value = serde_json::from_str(&fixture.run(&["list", "--json"]).text).unwrap();
    let chapter = &document["chapters"][0];
    assert_eq!((&chapter["chapter"], &chapter["title"]), (&Value::from("01"), &Value::from("A counter")));
    let exercise = &chapter["exercises"][0];
    assert_eq!(exercise["id"], "1.1");
    assert_eq!(exercise["title"], "Count one");
    assert_eq!(exercise["minutes"], 5);
    assert_eq!(exercise["state"], "passed");
    assert_eq!(chapter["exercises"][1]["state"], "open");
}

#[test]
fn wrong_use_has_a_status_of_its_own() {
    let fixture = Fixture::new("use");
    for (arguments, words) in [
        (&["check", "9"][..], "there are 01, 02"),
        (&["hint", "1.9"], "chapter 01 has 1.1, 1.2, 1.3"),
        (&["hint", "one"], "write 01 or 1.2"),
        (&["no-such-command"], "unrecognized"),
    ] {
        let said = fixture.run(arguments);
        assert_eq!(said.code, 2, "{arguments:?}: {}", said.errors);
        assert!(said.errors.contains(words), "{arguments:?}: {}", said.errors);
    }
    assert!(fixture.run(&[]).text.contains("cargo workshop start"));
}

#[test]
fn a_broken_record_is_set_aside() {
    let fixture = Fixture::new("record");
    fixture.run(&["hint", "1.1"]);
    fixture.write(".workshop/state.json", "{ \"version\": 99, \"future\": true }");
    let said = fixture.run(&["list"]);
    assert_eq!(said.code, 0);
    assert!(said.errors.contains(".workshop/state.json.old"), "{}", said.errors);
    assert!(fixture.read(".workshop/state.json.old").contains("99"));
}
