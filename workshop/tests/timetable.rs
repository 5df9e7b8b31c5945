//! What an instructor is told by `timetable`, and an author by `verify` about it.

mod fixture;

use fixture::Fixture;

const TABLE: &str = r#"
reading = 1.0
block = 25
stretch = 40
pause = 5

[[plan]]
name = "short"
title = "what counts"
about = "Chapter 02,\nfrom 1.2 on."
solve = ["1.1"]

[[plan.day]]
start = "9:00"
end = "10:45"
lunch = { at = "09:50", minutes = 20 }
teach = ["00", "01", { show = "a counter", minutes = 8 }, "99"]

[[plan]]
name = "last"
title = "the end"
about = "Two days."

[[plan.day]]
start = "22:00"
end = "22:30"
teach = ["00"]

[[plan.day]]
start = "09:00"
end = "09:15"
teach = ["02"]
"#;

const DECK: &str = "\
# One

<!-- note: 4.5 min. Count. -->
<!-- exercises: 1.1 -->

---

## Two places

<!-- note: 4 min. Both. -->
<!-- exercises: 1.2 1.3 -->

---

## What was wrong

<!-- note: 5.5 min. The sign. -->
";

fn fixture(name: &str) -> Fixture {
    let fixture = Fixture::new(name);
    fixture.write("slides/timetable.toml", TABLE);
    let first = "# Welcome\n\n<!-- note: 4.5 min. Hello. -->\n\n---\n\n## Go\n\n<!-- note: 3 min. Go. -->\n";
    fixture.write("slides/00-opening.md", first);
    fixture.write("slides/01-counter.md", DECK);
    fixture.write("slides/99-closing.md", "# Well counted\n\n<!-- note: 2 min. Bye. -->\n");
    fixture
}

/// The opening's 7.5 minutes are 8; those of a talk in pieces are as many as in one. Its first block is left out. An
/// exercise of 5 takes 10; lunch comes at the pause that is due near it.
const SHORT: &str = "\
short: what counts
  Chapter 02, from 1.2 on.

09:00 to 10:45

  09:00    8  talk       Welcome
              fill in    cargo workshop solve 1.1
  09:08    9  talk       01 A counter, slides 1 and 2
  09:17   20  exercises
                         1.2 Count in two places (10)
                         1.3 Mend the sign (10)
  09:37   20  lunch
  09:57    5  talk       01 A counter, slide 3
  10:02    8  show       a counter
  10:10    2  talk       Well counted
  10:12   33  to spare

  talk 24, exercises with reading and questions 20, shown 8, pauses 20

Chapters left out: 02.
Exercises left out: 1.1.
Everybody types the lines to fill in before the talk; they replace nothing else.
For those behind when chapter 04 begins: cargo workshop catch-up 04
";

#[test]
fn a_plan_has_times_pauses_and_what_to_fill_in() {
    let fixture = fixture("timetable");
    let said = fixture.run(&["timetable", "short"]);
    assert_eq!(said.text, SHORT, "{}", said.errors);
    assert_eq!(said.code, 0);
    // A chapter without a deck is taught without a talk; what lies below it is filled in.
    let said = fixture.run(&["timetable", "last"]);
    assert!(
        said.text.contains("fill in    cargo workshop solve 01\n  09:00   10  exercises"),
        "{}",
        said.text
    );
    let said = fixture.run(&["timetable"]);
    assert!(said.text.contains("cargo workshop timetable short|last"), "{}", said.text);
}

#[test]
fn a_plan_that_does_not_fit_or_names_what_is_not_there_is_told() {
    let fixture = fixture("unfit");
    let last = |from: &str, to: &str, words: &[&str]| {
        fixture.write("slides/timetable.toml", &TABLE.replace(from, to));
        let said = fixture.run(&["timetable", "short"]);
        assert_eq!(said.code, 2, "{}", said.text);
        for word in words {
            assert!(said.errors.contains(word), "no {word:?} in {}", said.errors);
        }
    };
    last("10:45", "10:00", &["the plan short does not fit", "until 10:12, 12 min longer than 10:00"]);
    last("10:45", "25:00", &["'25:00' is not a time of day"]);
    last("\"99\"", "\"98\"", &["plan short", "neither a deck nor a chapter 98"]);
    last("\"99\"", "\"01\"", &["01 is taught twice"]);
    last("[\"1.1\"]", "[\"1.9\"]", &["there is no exercise 1.9"]);
    last("[\"1.1\"]", "[\"2.1\"]", &["2.1 is left out, and so is its whole chapter"]);
    last("[\"1.1\"]", "[\"1.1\"]\nday_length = 5", &["day_length"]);

    fixture.write("slides/timetable.toml", TABLE);
    fixture.write("slides/99-closing.md", "# Well counted\n\nNo note.\n");
    let said = fixture.run(&["timetable", "short"]);
    assert!(
        said.errors.contains("in slides/99-closing.md: line 1: this slide has no note"),
        "{}",
        said.errors
    );
}

#[test]
fn the_blocks_of_a_deck_are_the_exercises_of_its_chapter_in_their_order() {
    let fixture = fixture("blocks");
    let refused = |from: &str, to: &str, words: &str| {
        fixture.write("slides/01-counter.md", &DECK.replace(from, to));
        for command in [["slides", "01"], ["timetable", "short"]] {
            let said = fixture.run(&command);
            let place = format!("in slides/01-counter.md: {words}");
            let told = said.code == 2 && said.errors.contains(&place);
            assert!(told, "{command:?}: no {place:?} in {}", said.errors);
        }
    };
    refused("1.2 1.3", "1.2 1.4", "line 11: there is no exercise 1.4; chapter 01 has 1.1, 1.2, 1.3");
    refused("1.2 1.3", "1.2 2.1", "line 11: 2.1 is not an exercise of this deck's chapter 01");
    refused("1.2 1.3", "1.2, 1.3", "line 11: '1.2,' is not a chapter or exercise");
    refused("1.2 1.3", "", "line 11: write the exercises in a line of their own");
    refused("1.2 1.3", "1.3", "line 11: up to here 1.2 is in no block");
    refused("1.2 1.3", "1.2", "line 15: up to here 1.3 is in no block");
    refused("1.2 1.3", "1.1 1.2 1.3", "line 11: 1.1 is named a second time");
    refused("1.2 1.3", "1.3 1.2", "line 11: 1.3 comes before 1.2");
    let said = fixture.run(&["verify", "1", "--quick"]);
    assert!(said.code == 1 && said.text.contains("line 11: 1.3 comes before 1.2"), "{}", said.text);
    // A deck without a chapter has no exercises.
    fixture.write("slides/01-counter.md", DECK);
    fixture.edit("slides/99-closing.md", "-->\n", "-->\n<!-- exercises: 1.1 -->\n");
    let said = fixture.run(&["slides", "99"]);
    assert!(
        said.errors.contains("line 4: 1.1 is not an exercise of this deck's chapter 99"),
        "{}",
        said.errors
    );
}

#[test]
fn the_speaker_reads_the_minutes_of_the_plan_and_what_each_plan_does_instead() {
    let fixture = fixture("work");
    // The tiny workshop has no program that builds slides; what this one would be given is written before.
    let said = fixture.run(&["slides"]);
    assert!(said.errors.contains("stage-slides"), "{}", said.errors);
    let work = fixture.read("../fixture-target/workshop/work.json");
    let expected = [
        r#""1.1": "**After this slide exercise 1.1, 10 minutes.**\n\n- Short: none; 1.1 is filled in.\n""#,
        r#""1.2": "**After this slide exercises 1.2 and 1.3, 20 minutes.**\n\n""#,
    ];
    assert_eq!(work, format!("{{\n  {},\n  {}\n}}", expected[0], expected[1]));

    fixture.edit("slides/timetable.toml", "[\"1.1\"]", "[\"1.1\", \"1.3\"]");
    fixture.run(&["slides", "01"]);
    let work = fixture.read("../fixture-target/workshop/work.json");
    assert!(work.contains("- Short: 1.2 only, 10 minutes; 1.3 is filled in.\\n"), "{work}");
}

#[test]
fn sync_shows_the_plans_and_verify_wants_them_fresh_and_fitting() {
    let fixture = fixture("plans");
    let teaching = "<!-- include: slides/plans/short.txt -->\n```text\n```\n<!-- end include -->\n";
    fixture.write("TEACHING.md", teaching);
    assert_eq!(fixture.run(&["sync"]).code, 0);
    assert!(fixture.read("TEACHING.md").contains("09:17   20  exercises"));

    let failing = |path: &str, from: &str, to: &str, words: &str| {
        fixture.edit(path, from, to);
        let said = fixture.run(&["verify", "1", "--quick"]);
        assert!(said.code == 1 && said.text.contains(words), "{}{}", said.text, said.errors);
    };
    failing(
        "slides/01-counter.md",
        "4.5 min",
        "9.5 min",
        "slides/plans/short.txt is stale; run: cargo workshop sync",
    );
    assert_eq!(fixture.run(&["sync"]).code, 0);
    failing("slides/timetable.toml", "\"10:45\"", "\"10:12\"", "is stale");
    assert_eq!(fixture.run(&["sync"]).code, 0);
    failing(
        "slides/plans/short.txt",
        "to",
        "to",
        "the plan short does not fit: on day 1 it takes until 10:17, 5 min",
    );
}

#[test]
fn solve_takes_what_a_plan_tells_to_fill_in() {
    let fixture = Fixture::new("several");
    let said = fixture.run(&["solve", "02", "1.1", "--yes"]);
    assert_eq!(said.code, 0, "{}", said.errors);
    assert!(said.text.contains("Chapter 02 holds the solution.") && said.text.contains("Exercise 1.1 holds"));
    assert_eq!(fixture.run(&["solve"]).code, 2);
}
