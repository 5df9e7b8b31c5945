use std::path::{Path, PathBuf};

use super::across::Side;
use super::arrow::arrows;
use super::cross::crossings;
use super::draw::svg;
use super::place::place;
use super::text::{Text, texts};
use crate::scene::{Fate, Scene, What};
use crate::{script, text_diagram};

/// What a slide leaves to a diagram below its title.
const SLIDE: f64 = 495.0;

fn below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            below(&path, found);
        } else if path.extension().is_some_and(|end| end == "snap") {
            found.push(path);
        }
    }
}

/// Every snapshot of the chapters that holds a diagram.
fn snapshots() -> Vec<(PathBuf, String)> {
    let mut paths = Vec::new();
    for chapter in ["04-merge", "05-replication", "06-antientropy"] {
        below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../chapters").join(chapter), &mut paths);
    }
    paths.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        (path, text)
    };
    let found: Vec<_> = paths
        .into_iter()
        .map(read)
        .filter(|(_, text)| text.contains("ms │") || text.contains("day │"))
        .collect();
    assert!(found.len() >= 9, "only {} snapshots hold a diagram", found.len());
    found
}

/// How many messages a text diagram sends: each has its label at the tail of an arrow.
fn tails(text: &str) -> usize {
    let is_stroke = |c: char| c == '─' || c == '╌';
    let tails = |line: &str| {
        let cells: Vec<char> = line.chars().collect();
        let tail = |three: &&[char]| {
            let label = |c: char| !is_stroke(c) && !c.is_whitespace();
            three[1] == ' '
                && ((is_stroke(three[0]) && label(three[2])) || (label(three[0]) && is_stroke(three[2])))
        };
        cells.windows(3).filter(tail).count()
    };
    text.lines().map(tails).sum()
}

#[test]
fn every_snapshot_is_read_back_with_all_its_messages() {
    for (path, text) in snapshots() {
        let scenes =
            text_diagram::parse(&text).unwrap_or_else(|error| panic!("{}: {error:#}", path.display()));
        let messages: usize = scenes.iter().map(|scene| scene.messages.len()).sum();
        assert_eq!(messages, tails(&text), "{}", path.display());
        let heads = text.matches(['▶', '◀']).count();
        let arrived = scenes.iter().flat_map(|scene| &scene.events);
        let arrived = arrived.filter(|event| matches!(event.what, What::Arrived(_))).count();
        assert_eq!(arrived, heads, "{}", path.display());
        let lost = scenes.iter().flat_map(|scene| &scene.messages);
        let lost = lost.filter(|message| matches!(message.fate, Fate::Lost(_))).count();
        assert_eq!(
            lost,
            text.matches("x  lost").count() + text.matches(" x─ ").count(),
            "{}",
            path.display()
        );
    }
}

#[test]
fn messages_go_where_the_snapshot_says() {
    let text = "
  ms │  replica 1  us        │  replica 2  de        │  replica 3  sg
   0 │  change 2@1 ──────────┤                       │
   0 │  change 2@1 ──────────┼───────────────────────┤
   5 │  * a note             │                       │
  40 │                       ├▶ change 2@1           │
 110 │                       │                       ├▶ change 2@1
 110 │                       ├───────────────────────┼─ ack 2
 120 │                       │           lost at 125 x─ ack 9
 130 │  open ────────────────┼───────────────────────┼▶ open
 220 │  ack 2 ◀──────────────┤                       │
 230 │                       │  change 3@2 ╌╌╌╌╌╌╌╌╌╌┤  on its way
";
    let scenes = text_diagram::parse(text).unwrap();
    let scene = &scenes[0];
    let messages: Vec<_> = scene.messages.iter().map(|m| (m.from, m.to, m.label.as_str(), m.fate)).collect();
    let arrives = Fate::Arrives;
    assert_eq!(
        messages,
        [
            (0, 1, "change 2@1", arrives),
            (0, 2, "change 2@1", arrives),
            (2, 0, "ack 2", arrives),
            (2, 1, "ack 9", Fate::Lost(Some(125))),
            (0, 2, "open", arrives),
            (1, 2, "change 3@2", Fate::OnItsWay),
        ]
    );
    assert_eq!(scene.events[2].what, What::Note(0, "a note".to_owned()));
    let arrived: Vec<_> = scene
        .events
        .iter()
        .filter_map(|event| match event.what {
            What::Arrived(place) => Some((event.at, place)),
            _ => None,
        })
        .collect();
    assert_eq!(arrived, [(40, 0), (110, 1), (130, 4), (220, 2)]);
}

/// Scenes that are as full as scenes get.
fn dense() -> Vec<Scene> {
    let mut burst = "replicas us, de, sg\n".to_owned();
    for at in 0..7 {
        burst += &format!("{at} us > sg 110 change {at}@1, a label that is long\n{at} de > us 40 ack {at}\n");
        burst +=
            &format!("{at} de > sg 75 change {at}@2\n{at} sg > de 75 progress {at}@3\n3 at de notes {at}\n");
    }
    let two = "replicas us, de\n\
        0 us > de 1 a label of many words that has to be broken into lines to have room\n\
        0 us > de 1 another label of many words that has to be broken\n\
        0 at us a note of many words that has to be broken into lines to have room\n\
        0 de > us 1 a label of many words that has to be broken into lines to have room\n\
        100000 us > de lost long after\n";
    [burst.as_str(), two].map(|text| script::parse(text).unwrap()).to_vec()
}

/// Whether two texts cover a pixel in common. A character is a little less high than its size.
fn meet(one: &Text, other: &Text) -> bool {
    let high = |text: &Text| (text.y - text.size * 0.5, text.y + text.size * 0.5);
    let wide = |text: &Text| (text.left, text.left + text.width());
    let overlap = |(a, b): (f64, f64), (c, d): (f64, f64)| a < d - 0.1 && c < b - 0.1;
    overlap(high(one), high(other)) && overlap(wide(one), wide(other))
}

#[test]
fn labels_never_collide_and_never_leave_the_picture() {
    let mut scenes = dense();
    for (_, text) in snapshots() {
        scenes.extend(text_diagram::parse(&text).unwrap());
    }
    for scene in scenes {
        // As on a slide, where it has room; and higher, where the scale of time is another one.
        for height in [SLIDE, 900.0, 2000.0] {
            let Ok(placed) = place(&scene, height) else { continue };
            assert!(placed.down.height <= height);
            let texts = texts(&scene, &placed);
            for (at, one) in texts.iter().enumerate() {
                let inside = one.left >= -0.1 && one.left + one.width() <= placed.across.width + 0.1;
                assert!(inside && one.y + one.size / 2.0 <= placed.down.height, "{one:?}");
                if let Some(other) = texts[at + 1..].iter().find(|other| meet(one, other)) {
                    panic!("{one:?} meets {other:?} at height {height}");
                }
            }
        }
        assert!(place(&scene, 2000.0).is_ok(), "no height is enough for {scene:?}");
    }
}

#[test]
fn the_test_of_collisions_can_fail() {
    let text = |left, y| Text { text: "apple".to_owned(), class: "label", left, y, size: 20.0 };
    assert!(meet(&text(0.0, 0.0), &text(59.0, 19.0)));
    assert!(!meet(&text(0.0, 0.0), &text(60.0, 0.0)) && !meet(&text(0.0, 0.0), &text(0.0, 20.0)));
}

#[test]
fn time_goes_down_and_latency_slopes() {
    for scene in dense() {
        let placed = place(&scene, 2000.0).unwrap();
        for (one, event) in scene.events.iter().enumerate() {
            for (other, later) in scene.events.iter().enumerate().filter(|(_, later)| later.at > event.at) {
                assert!(placed.down.events[one] < placed.down.events[other], "{event:?} {later:?}");
            }
        }
    }
}

#[test]
fn a_text_in_the_middle_stands_where_no_arrow_passes() {
    let text = "replicas us, de, sg\n0 us > sg 40 long\n24 at de a longer note\n28 de > us 18 ack\n";
    let scene = script::parse(text).unwrap();
    let placed = place(&scene, SLIDE).unwrap();
    let side = |of: &str| {
        let labels = placed.across.labels.iter().flatten();
        labels.filter(|label| label.lines == [of]).map(|label| label.side).collect::<Vec<_>>()
    };
    // The long arrow passes right of the middle, below the note; the short one leaves to the left.
    assert_eq!((side("a longer note"), side("ack")), (vec![Side::Left], vec![Side::Right]));
}

#[test]
fn of_two_messages_from_the_middle_neither_strikes_a_text_through() {
    let scene = script::parse("replicas us, de, sg\n0 de > us 40 ack\n0 de > sg 75 change\n").unwrap();
    let placed = place(&scene, SLIDE).unwrap();
    assert_eq!(crossings(&texts(&scene, &placed), &arrows(&scene, &placed)), 0);
}

#[test]
fn a_diagram_too_high_is_told_to_be_cut() {
    let scene = &dense()[0];
    let error = svg(scene, SLIDE).unwrap_err().to_string();
    assert!(error.contains("0 to 116 ms: diagram from=... to=..."), "{error}");
}

#[test]
fn a_cut_leaves_out_what_was_sent_before_and_keeps_what_is_on_its_way() {
    let scene = script::parse("replicas us, de\n0 us > de 40 a\n50 us > de 40 b\n80 de > us 40 c\n").unwrap();
    let cut = scene.clone().cut(Some(20), Some(100)).unwrap();
    let labels: Vec<_> = cut.messages.iter().map(|message| (message.label.as_str(), message.fate)).collect();
    assert_eq!(labels, [("b", Fate::Arrives), ("c", Fate::OnItsWay)]);
    assert_eq!(cut.events.len(), 3);
    let error = scene.cut(Some(200), None).unwrap_err().to_string();
    assert_eq!(error, "nothing happens between 200 and ... ms");
}

#[test]
fn a_lost_message_ends_in_a_cross_and_others_in_a_tip() {
    let scene = script::parse("replicas us, de\n0 us > de 40 a\n10 de > us lost b\n").unwrap();
    let svg = svg(&scene, SLIDE).unwrap();
    assert_eq!((svg.matches("class=\"tip\"").count(), svg.matches("class=\"lost\"").count()), (1, 1));
}
