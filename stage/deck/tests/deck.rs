//! Decks as authors write them, well and badly.

#![allow(clippy::unwrap_used)]

use deck::{Deck, Exercises, Fault};

const DECK: &str = "\
# Two replicas

<!-- note: 2 min. Welcome. -->

---

## They disagree

```text
---
# no heading
<!-- note: no note -->
<!-- exercises: none -->
```

<!-- note: 1.5 min. Ask:
what does a reader see? -->
<!-- exercises: 2.1 2.2 -->
";

fn fault(text: &str) -> (usize, Fault) {
    let error = Deck::parse(text).unwrap_err();
    (error.line, error.fault)
}

#[test]
fn slides_notes_and_minutes() {
    let deck = Deck::parse(DECK).unwrap();
    assert_eq!(deck.title, "Two replicas");
    assert_eq!(deck.minutes(), 3.5);
    let [first, second] = deck.slides.as_slice() else { panic!("{} slides", deck.slides.len()) };
    assert_eq!((first.body.as_str(), first.note.as_str(), first.line), ("# Two replicas\n", "Welcome.", 1));
    assert_eq!((second.title.as_str(), second.minutes, second.line), ("They disagree", 1.5, 7));
    assert_eq!(second.note, "Ask:\nwhat does a reader see?");
    assert_eq!(first.exercises, None);
    let names = vec!["2.1".to_owned(), "2.2".to_owned()];
    assert_eq!(second.exercises, Some(Exercises { names, line: 18 }));
}

#[test]
fn what_is_within_a_fence_is_text() {
    let body = &Deck::parse(DECK).unwrap().slides[1].body;
    assert_eq!(
        body,
        "## They disagree\n\n```text\n---\n# no heading\n<!-- note: no note -->\n<!-- exercises: none -->\n```\n"
    );
    let longer = "# A\n````md\n```\n---\n```\n````\n<!-- note: 1 min. b -->\n";
    assert_eq!(Deck::parse(longer).unwrap().slides.len(), 1);
    let within_a_line = "# A\n```a```\n<!-- note: 1 min. b -->\n---\n# C\n<!-- note: 1 min. d -->\n";
    assert_eq!(Deck::parse(within_a_line).unwrap().slides.len(), 2);
}

#[test]
fn a_body_keeps_the_distance_of_its_lines() {
    let slide = &Deck::parse("\n# A\n<!-- note: 1 min.\nb -->\nC\n").unwrap().slides[0];
    assert_eq!((slide.line, slide.body.as_str()), (2, "# A\n\n\nC\n"));
}

#[test]
fn a_slide_without_a_note_or_with_two() {
    let text = "# A\n<!-- note: 1 min. b -->\n---\n\n## B\n---\n## C\n<!-- note: 1 min. d -->\n";
    assert_eq!(fault(text), (5, Fault::NoNote));
    assert_eq!(fault("# A\n<!-- note: 1 min. b -->\n---\n"), (4, Fault::NoNote));
    assert_eq!(fault("# A\n<!-- note: 1 min. b -->\n<!-- note: 1 min. c -->\n"), (3, Fault::TwoNotes));
}

#[test]
fn a_note_without_minutes_words_or_end() {
    for note in
        ["say it", "two min. b", "1 minute. b", "-1 min. b", "0 min. b", "inf min. b", "1e3 min. b", ""]
    {
        assert_eq!(fault(&format!("# A\n\n<!-- note: {note} -->\n")), (3, Fault::NoMinutes), "{note}");
    }
    assert_eq!(fault("# A\n<!-- note: 1 min. -->\n"), (2, Fault::EmptyNote));
    assert_eq!(fault("# A\n<!-- note: 1 min. b\n---\n# C\n"), (2, Fault::OpenNote));
    assert_eq!(fault("# A\n<!-- note: 1 min. b --> c\n"), (2, Fault::TextAfterNote));
}

#[test]
fn exercises_without_names_or_end_or_twice() {
    for line in
        ["<!-- exercises: -->", "<!-- exercises: 2.1", "<!-- exercises: 2.1 --> b", "<!--exercises:-->"]
    {
        assert_eq!(
            fault(&format!("# A\n<!-- note: 1 min. b -->\n{line}\n")),
            (3, Fault::UnreadableExercises)
        );
    }
    let twice = "# A\n<!-- exercises: 2.1 -->\n<!-- note: 1 min. b -->\n<!-- exercises: 2.2 -->\n";
    assert_eq!(fault(twice), (4, Fault::TwoBlocks));
}

#[test]
fn a_fence_without_end_and_a_deck_without_title() {
    assert_eq!(fault("# A\n```rust\nfn f() {}\n<!-- note: 1 min. b -->\n"), (2, Fault::OpenFence));
    assert_eq!(fault("# A\n````\n```\n<!-- note: 1 min. b -->\n"), (2, Fault::OpenFence));
    assert_eq!(fault("A\n<!-- note: 1 min. b -->\n---\n# B\n<!-- note: 1 min. b -->\n"), (1, Fault::NoTitle));
}

#[test]
fn an_error_says_where_and_what_to_do() {
    let error = Deck::parse("# A\n").unwrap_err().to_string();
    assert_eq!(
        error,
        "line 1: this slide has no note; add a line such as <!-- note: 2 min. What to say. -->"
    );
}
