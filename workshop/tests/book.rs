//! The book: its pages, and what keeps it from being made.

mod fixture;

use fixture::Fixture;

fn fixture(name: &str) -> Fixture {
    let fixture = Fixture::new(name);
    let readme = "# Counters\n\n[one](chapters/01-counter/README.md#mend), [two](chapters/02-pair), [here](#end),\n\
                  [`Cargo.toml`](Cargo.toml), [the sum](solutions/01-counter/src/lib.rs), ![a map](kit/map.svg),\n\
                  [far](https://example.org/a)\n\n## End\n";
    fixture.write("README.md", readme);
    fixture.write("kit/map.svg", "<svg/>");
    fixture.write("TEACHING.md", "# To teach\n\n[all](README.md)\n");
    fixture
}

/// Where `book` puts what mdBook reads.
fn page(name: &str) -> String {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("fixture-target/book/src");
    std::fs::read_to_string(folder.join(name)).unwrap_or_default()
}

#[test]
fn links_lead_to_pages_and_files_are_named() {
    let fixture = fixture("book");
    // Ends with or without mdBook; the pages are made before.
    let said = fixture.run(&["book", "--build"]);
    assert!(said.code == 0 || said.errors.contains("cargo install mdbook --locked"), "{}", said.errors);
    assert_eq!(
        page("index.md"),
        "# Counters\n\n[one](01-counter.md#mend), [two](02-pair.md), [here](index.md#end),\n\
         `Cargo.toml`, the sum (`solutions/01-counter/src/lib.rs`), ![a map](kit/map.svg),\n\
         [far](https://example.org/a)\n\n## End\n"
    );
    assert_eq!(page("kit/map.svg"), "<svg/>");
    assert_eq!(page("teaching.md"), "# To teach\n\n[all](index.md)\n");
    let summary = "# Summary\n\n[Counters](index.md)\n\n- [A counter](01-counter.md)\n- [A pair](02-pair.md)\n\n\
                   [To teach](teaching.md)\n\n";
    assert_eq!(page("SUMMARY.md"), summary);
}

#[test]
fn what_mdbook_passes_over_ends_it() {
    let fixture = fixture("book-stale");
    let guide = "chapters/01-counter/README.md";
    let failing = |path: &str, from: &str, to: &str, words: &[&str]| {
        let text = fixture.read(path);
        fixture.edit(path, from, to);
        let said = fixture.run(&["book", "--build"]);
        assert_eq!(said.code, 2, "{}", said.text);
        for word in words {
            assert!(said.errors.contains(word), "no {word:?} in {}", said.errors);
        }
        fixture.write(path, &text);
    };
    failing(guide, "self.0 += 1;", "self.0 += 9;", &[guide, "shows stale code"]);
    failing(guide, "lib.rs:1.1", "lib.rs:1.9", &["there is no exercise 1.9"]);
    failing("README.md", "02-pair", "03-trio", &["README.md:3", "'chapters/03-trio': there is no such file"]);
    failing("README.md", "#mend", "#amend", &["there is no such heading; there are #a-counter"]);
    failing("TEACHING.md", "README.md", "../../../x", &["TEACHING.md:3", "no such file"]);
    fixture.edit("README.md", "#end", "#start");
    let said = fixture.run(&["verify", "1", "--quick"]);
    assert!(said.text.contains("FAIL  every link leads somewhere"), "{}", said.text);
}
