//! The page: a few files, combined into a self-contained one.

/// The files that index.html names, in its order.
const FILES: [(&str, &str); 26] = [
    ("style.css", include_str!("../page/style.css")),
    ("panels.css", include_str!("../page/panels.css")),
    ("look.js", include_str!("../page/look.js")),
    ("names.js", include_str!("../page/names.js")),
    ("state.js", include_str!("../page/state.js")),
    ("timeline.js", include_str!("../page/timeline.js")),
    ("player.js", include_str!("../page/player.js")),
    ("place.js", include_str!("../page/place.js")),
    ("rows.js", include_str!("../page/rows.js")),
    ("series.js", include_str!("../page/series.js")),
    ("dom.js", include_str!("../page/dom.js")),
    ("map.js", include_str!("../page/map.js")),
    ("links.js", include_str!("../page/links.js")),
    ("labels.js", include_str!("../page/labels.js")),
    ("messages.js", include_str!("../page/messages.js")),
    ("cards.js", include_str!("../page/cards.js")),
    ("verdict.js", include_str!("../page/verdict.js")),
    ("caption.js", include_str!("../page/caption.js")),
    ("log.js", include_str!("../page/log.js")),
    ("charts.js", include_str!("../page/charts.js")),
    ("timebar.js", include_str!("../page/timebar.js")),
    ("commands.js", include_str!("../page/commands.js")),
    ("menu.js", include_str!("../page/menu.js")),
    ("keys.js", include_str!("../page/keys.js")),
    ("connection.js", include_str!("../page/connection.js")),
    ("main.js", include_str!("../page/main.js")),
];

/// The page, as one file.
pub fn page() -> String {
    let mut page = String::new();
    for line in include_str!("../page/index.html").lines() {
        match named(line) {
            Some((element, name)) => {
                let text = FILES.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text);
                page += &format!("<{element}>\n{}\n</{element}>\n", text.trim_end());
            }
            None => page += &format!("{line}\n"),
        }
    }
    page
}

/// The element that a line's file goes into, and the file's name, where the line is one that names a file.
fn named(line: &str) -> Option<(&'static str, String)> {
    let line = line.trim().replace('"', "");
    let between = |start, end| Some(line.strip_prefix(start)?.strip_suffix(end)?.to_owned());
    let style = between("<link rel=stylesheet href=", ">").map(|name| ("style", name));
    style.or_else(|| between("<script src=", "></script>").map(|name| ("script", name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_files_is_what_index_html_names() {
        let index = include_str!("../page/index.html");
        let names: Vec<String> = index.lines().filter_map(named).map(|(_, name)| name).collect();
        assert_eq!(names, FILES.map(|(name, _)| name));
        for word in ["src=", "stylesheet"] {
            let lines = index.lines().filter(|line| line.contains(word));
            lines.for_each(|line| assert!(named(line).is_some(), "not put in: {line}"));
        }
    }

    #[test]
    fn the_page_asks_for_nothing_else() {
        let page = page().replace("http://www.w3.org/2000/svg", "");
        for address in ["http://", "https://", "url(", "@import"] {
            let found = page.lines().find(|line| line.contains(address));
            assert_eq!(found, None, "the page names {address}");
        }
        for (name, text) in FILES {
            assert!(!text.contains("</script") && !text.contains("</style"), "{name} ends its own element");
        }
    }
}
