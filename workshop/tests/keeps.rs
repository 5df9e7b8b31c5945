//! What `solve`, `reset`, `catch-up` and `undo` keep, and what they cope with.

mod fixture;

use std::fs;

use fixture::Fixture;

const LIB: &str = "chapters/01-counter/src/lib.rs";

#[test]
fn an_undo_after_an_undo_keeps_what_the_first_one_kept() {
    let fixture = Fixture::new("undo-twice");
    let mut copies = Vec::new();
    for work in ["// the first\n", "// the second\n"] {
        assert_eq!(fixture.run(&["reset", "1"]).code, 0);
        let mine = fixture.read(LIB) + work;
        fixture.write(LIB, &mine);
        fixture.run(&["solve", "1.1"]);
        let text = fixture.run(&["undo"]).text;
        assert_eq!(fixture.read(LIB), mine);
        copies.push(text.trim().rsplit(' ').next().unwrap_or_default().to_owned());
    }
    assert_ne!(copies[0], copies[1]);
    for (copy, work) in copies.iter().zip(["// the first\n", "// the second\n"]) {
        let kept = fixture.read(&format!("{copy}/{LIB}"));
        assert!(kept.contains("self.0 += 1;") && kept.ends_with(work), "{kept}");
    }
}

#[test]
fn one_undo_takes_back_what_one_line_put_in() {
    let fixture = Fixture::new("one-line");
    let given = fixture.read(LIB);
    let said = fixture.run(&["solve", "1.3", "1.1", "1.1"]);
    assert!(
        said.text.contains("Exercise 1.1 holds") && said.text.contains("Exercise 1.3 holds"),
        "{}",
        said.text
    );
    assert!(said.text.contains(".workshop/saved/0001-solve-1.1-1.3\n"), "{}", said.text);
    fixture.run(&["undo"]);
    assert_eq!(fixture.read(LIB), given);
    // One that is not there keeps the others from being done.
    assert_eq!(fixture.run(&["solve", "1.1", "1.9"]).code, 2);
    assert_eq!(fixture.read(LIB), given);
}

#[test]
fn any_bytes_are_kept_and_those_around_an_exercise_stay() {
    let fixture = Fixture::new("bytes");
    let path = fixture.root.join(LIB);
    let latin = [fs::read(&path).unwrap_or_default(), b"// gr\xfc\xdfe\r\n".to_vec()].concat();
    for arguments in [&["solve", "1.1"][..], &["reset", "1.3"], &["reset", "1"], &["catch-up", "2"]] {
        fs::write(&path, &latin).unwrap_or_default();
        let said = fixture.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}", said.errors);
        if arguments[1].contains("1.") {
            assert!(fs::read(&path).unwrap_or_default().ends_with(b"// gr\xfc\xdfe\r\n"), "{arguments:?}");
        }
        fixture.run(&["undo"]);
        assert_eq!(fs::read(&path).unwrap_or_default(), latin, "{arguments:?}");
    }
    let said = fixture.run(&["check", "1"]);
    assert!(said.code == 1 && said.text.contains("lib.rs"), "{}{}", said.text, said.errors);
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_or_in_a_circle_is_in_nobodys_way() {
    let fixture = Fixture::new("links");
    let src = fixture.root.join("chapters/01-counter/src");
    std::os::unix::fs::symlink("/no/such/file", src.join("dead.rs")).unwrap_or_default();
    std::os::unix::fs::symlink(".", src.join("circle")).unwrap_or_default();
    for arguments in [&["list"][..], &["solve", "1.1"], &["check", "1.1"], &["reset", "1"]] {
        let said = fixture.run(arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}{}", said.text, said.errors);
    }
    assert!(!src.join("dead.rs").is_symlink() && !src.join("circle").is_symlink());
    fixture.run(&["undo"]);
    assert_eq!(fs::read_link(src.join("dead.rs")).ok(), Some("/no/such/file".into()));
    assert_eq!(fs::read_link(src.join("circle")).ok(), Some(".".into()));
}

#[test]
fn nothing_is_changed_where_no_copy_can_be_kept() {
    let fixture = Fixture::new("no-copy");
    fixture.edit(LIB, "todo!(\"exercise 1.1: Count one\")", "self.0 += 3;");
    let mine = fixture.read(LIB);
    let _ = fs::remove_dir_all(fixture.root.join(".workshop"));
    fixture.write(".workshop", "a file where the notes should be");
    for arguments in [&["solve", "1.1"][..], &["reset", "1"], &["catch-up", "2"]] {
        let said = fixture.run(arguments);
        assert!(
            said.code == 2 && said.errors.contains("nothing was changed"),
            "{arguments:?}: {}",
            said.errors
        );
        assert_eq!(fixture.read(LIB), mine);
    }
}

#[test]
fn what_is_done_halfway_is_told_and_can_be_taken_back() {
    let fixture = Fixture::new("halfway");
    let (given, second) = (fixture.read(LIB), "chapters/02-pair/src/lib.rs");
    let _ = fs::remove_file(fixture.root.join(second));
    fixture.write(&format!("{second}/.hidden"), "a folder that is not empty");
    let said = fixture.run(&["solve", "1", "2", "--yes"]);
    assert!(said.code == 2 && said.errors.contains("not everything was changed"), "{}", said.errors);
    assert!(said.errors.contains(".workshop/saved/0001-solve-01-02"), "{}", said.errors);
    assert_ne!(fixture.read(LIB), given);
    assert_eq!(fixture.run(&["undo"]).code, 0);
    assert_eq!(fixture.read(LIB), given);
    assert!(fixture.read(&format!("{second}/.hidden")).contains("a folder"));
}
