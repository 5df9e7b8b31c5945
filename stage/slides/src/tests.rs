//! From a deck's text to its page, without what comes from npm.

use std::path::Path;

use deck::Deck;

use crate::assets::Assets;
use crate::page::{Work, page};

/// The page of a deck with one slide after its title.
fn built(body: &str) -> Result<String, String> {
    let text = format!(
        "# Deck\n\n<!-- note: 0.5 min. a -->\n\n---\n\n{body}\n\n<!-- note: 1.5 min. Ask *them*. -->\n"
    );
    let deck = Deck::parse(&text).unwrap();
    let assets = Assets { style: "THE-STYLE".to_owned(), scripts: "THE-SCRIPTS".to_owned() };
    let work = Work::from([("2.1".to_owned(), "**2.1 next.**\n\n- One day: none.".to_owned())]);
    page(&deck, Path::new(env!("CARGO_MANIFEST_DIR")), &assets, &work).map_err(|error| format!("{error:#}"))
}

fn refused(body: &str) -> String {
    built(body).err().unwrap_or_else(|| panic!("this was not refused: {body}"))
}

#[test]
fn a_slide_has_its_note_and_its_seconds() {
    let page = built("## A & B\n\nText").unwrap();
    assert!(page.contains("THE-STYLE") && page.contains("THE-SCRIPTS"));
    assert!(page.contains("<section class=\"title\" data-timing=\"30\">"), "{page}");
    assert!(page.contains("<section data-timing=\"90\">"), "{page}");
    assert!(
        page.contains("<aside class=\"notes\">\n<p><strong>1.5 min</strong></p>\n<p>Ask <em>them</em>.</p>")
    );
    assert!(page.contains("<h2>A &amp; B</h2>") && page.contains("<span>2 / 2</span>"), "{page}");
}

#[test]
fn the_note_begins_with_what_the_room_works_on() {
    let page = built("## A\n\n<!-- exercises: 2.1 2.2 -->").unwrap();
    let note =
        "<p><strong>2.1 next.</strong></p>\n<ul>\n<li>One day: none.</li>\n</ul>\n<p>Ask <em>them</em>.</p>";
    assert!(page.contains(note), "{page}");
    let error = refused("## A\n\n<!-- exercises: 2.2 -->");
    assert!(error.contains("line 9: nothing says how long exercise 2.2 takes"), "{error}");
}

#[test]
fn markdown_becomes_html() {
    let body = "\
- one `a < b`
- two
  1. **inner**

| a | b |
|---|---|
| 1 | 2 |

> said
";
    let page = built(body).unwrap();
    for part in [
        "<li>one <code>a &lt; b</code></li>",
        "<li>two<ol start=\"1\">\n<li><strong>inner</strong></li>",
        "<thead><tr><th>a</th><th>b</th></tr>\n</thead>",
        "<tr><td>1</td><td>2</td></tr>",
        "<blockquote>\n<p>said</p>\n</blockquote>",
    ] {
        assert!(page.contains(part), "no {part} in {page}");
    }
    let page = built("## A\n\n<!-- pause -->\n\n![a point](tests/point.svg)").unwrap();
    assert!(page.contains("<div class=\"fragment\">\n<img src=\"data:image/svg+xml;base64,"), "{page}");
    assert!(page.contains("alt=\"a point\""), "{page}");
}

#[test]
fn code_has_classes_and_tells_where_it_is_from() {
    let include = "<!-- include: ../solutions/01-single-node/src/store.rs:1.2 -->\n```rust\nlet x = \"<\";\n```\n<!-- end include -->";
    let page = built(include).unwrap();
    assert!(page.contains("s-storage") && page.contains("&lt;"), "{page}");
    assert!(page.contains("<p class=\"source\">solutions/01-single-node/src/store.rs, exercise 1.2</p>"));
    let two = built(&format!("{include}\n\n```text\nplain\n```")).unwrap();
    assert_eq!(two.matches("class=\"source\"").count(), 1);
}

#[test]
fn what_a_slide_cannot_show_is_refused_with_its_line() {
    for (body, line, words) in [
        ("## A\n\n<b>bold</b>", "line 9", "takes no HTML"),
        ("## A\n\ntext <br> text", "line 9", "takes no HTML"),
        ("## A\n\n<!-- todo -->", "line 9", "no comment such as"),
        ("## A\n\n```diagramm\n```", "line 9", "no language known here"),
        ("## A\n\n```diagram since=4\nx\n```", "line 9", "no option 'since=4'"),
        ("## A\n\n```diagram\nno rows\n```", "line 9", "there is no diagram in it"),
        (
            "## A\n\n```space-time\nreplicas us, de\n0 us > sg 4 a\n```",
            "line 9",
            "'sg' is not among the replicas",
        ),
        ("## A\n\n```figure\n{}\n```", "line 9", "a figure is"),
        ("## A\n\n![x](gone.png)", "line 9", "cannot read"),
        ("## A\n\n![x](../gone.png)", "line 9", "below slides/"),
        ("## A\n\n- a\n\n  ```rust\n  x\n  ```\n", "line 9", "stands text only"),
        ("## A\n\n    indented", "line 9", "between fences"),
    ] {
        let error = refused(body);
        assert!(
            error.contains("slide 2") && error.contains(line) && error.contains(words),
            "{body}: {error}"
        );
    }
}

#[test]
fn a_slide_that_is_too_full_is_refused() {
    let lines = "let x = 1;\n".repeat(30);
    assert!(refused(&format!("## A\n\n```rust\n{lines}```")).contains("pixels too full"));
    let wide = "x".repeat(120);
    assert!(refused(&format!("## A\n\n```text\n{wide}\n```")).contains("line of more than 102 characters"));
    assert!(refused(&"A line of text.\n\n".repeat(20)).contains("say less"));
    assert!(refused(&format!("## A\n\n{}", "word ".repeat(400))).contains("say less"));
}

#[test]
fn code_is_as_large_as_there_is_room() {
    let size = |lines: usize| {
        let page = built(&format!("## A\n\n```text\n{}```", "a\n".repeat(lines))).unwrap();
        let at = page.find("<pre style=\"font-size:").unwrap();
        page[at + 22..at + 24].to_owned()
    };
    assert_eq!([size(3), size(9), size(17), size(19)], ["38", "34", "20", "18"]);
}

#[test]
fn a_figure_shows_its_numbers() {
    let json = r#"{"title": "Puts of 100000 keys", "unit": "puts/s", "measured": "here", "bars": [
        {"label": "alone", "value": 12345.6}, {"label": "with peers", "value": 6172.8}, {"label": "few", "value": 1.25}]}"#;
    let page = built(&format!("## A\n\n```figure\n{json}\n```")).unwrap();
    for text in
        ["12,346 puts/s", "6,173 puts/s", "1.25 puts/s", ">Puts of 100,000 keys<", ">alone<", ">here<"]
    {
        assert!(page.contains(text), "no {text} in {page}");
    }
    let lengths: Vec<f64> = page
        .split("<rect x=")
        .skip(1)
        .map(|rect| rect.split("width=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap())
        .collect();
    assert!((lengths[0] / lengths[1] - 2.0).abs() < 0.01, "{lengths:?}");
    assert!(
        refused("```figure\n{\"title\":\"a\",\"unit\":\"b\",\"measured\":\"c\",\"bars\":[]}\n```")
            .contains("bars")
    );
}

/// The two values of `--name: light-dark(#a, #b)` in the theme.
fn colours() -> Vec<(String, [String; 2])> {
    let css = include_str!("../theme/colours.css");
    let rule = |line: &str| {
        let (name, value) = line.trim().strip_prefix("--")?.split_once(": light-dark(")?;
        let (light, dark) = value.strip_suffix(");")?.split_once(", ")?;
        Some((name.to_owned(), [light.to_owned(), dark.to_owned()]))
    };
    css.lines().filter_map(rule).collect()
}

/// Relative luminance (WCAG 2.2, "relative luminance").
fn luminance(colour: &str) -> f64 {
    let part = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
}

#[test]
fn every_text_stands_out_from_what_it_stands_on() {
    let colours = colours();
    let find = |name: &str| &colours.iter().find(|(known, _)| known == name).unwrap().1;
    let texts: Vec<_> =
        colours.iter().filter(|(name, _)| !["paper", "ground", "line"].contains(&name.as_str())).collect();
    assert_eq!(texts.len(), 12);
    for (name, values) in texts {
        for ground in ["paper", "ground"] {
            for (text, ground) in values.iter().zip(find(ground)) {
                let (a, b) = (luminance(text), luminance(ground));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= 4.5, "{name}: {text} on {ground} has only {contrast:.2}");
            }
        }
    }
}
