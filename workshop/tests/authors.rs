//! What an author is told by `sync` and `verify`.

mod fixture;

use fixture::Fixture;

const LIB: &str = "chapters/01-counter/src/lib.rs";
const SOLUTION: &str = "solutions/01-counter/src/lib.rs";

#[test]
fn sync_never_overwrites_own_work() {
    let fixture = Fixture::new("sync");
    fixture.edit(LIB, "todo!(\"exercise 1.1: Count one\")", "self.0 += 1; // mine");
    let said = fixture.run(&["sync"]);
    assert_eq!(said.code, 2, "{}", said.text);
    assert!(said.errors.contains(LIB) && said.errors.contains("--force"), "{}", said.errors);
    assert!(fixture.read(LIB).contains("mine"));

    let said = fixture.run(&["sync", "--force"]);
    assert!(said.text.contains(".workshop/synced/0003-sync"), "{}", said.text);
    assert!(!fixture.read(LIB).contains("mine"));
    assert!(fixture.read(&format!(".workshop/synced/0003-sync/{LIB}")).contains("mine"));

    // What was generated before is nobody's work.
    fixture.edit(SOLUTION, "Each call adds one.", "Each call adds exactly one.");
    assert_eq!(fixture.run(&["sync"]).code, 0);
    assert!(fixture.read(LIB).contains("adds exactly one."));
    assert!(!fixture.read(LIB).contains("self.0 += 1"));
}

#[test]
fn verify_proves_a_whole_workshop() {
    let fixture = Fixture::new("verify");
    let before = fixture.read(LIB);
    let said = fixture.run(&["verify"]);
    assert_eq!(said.code, 0, "{}{}", said.text, said.errors);
    for proof in [
        "ok    01 starter compiles and is open",
        "ok    01 solved up to 1.1, open at 1.2",
        "ok    02 solved up to 2.1, passed",
        "ok    01 mutant 1.1-for-ever.rs is caught",
        "ok    01 mutant 1.2-worker.rs is caught",
    ] {
        assert!(said.text.contains(proof), "no {proof:?} in\n{}", said.text);
    }
    assert_eq!(fixture.read(LIB), before, "the attendee's files are not touched");
}

#[test]
fn verify_tells_what_is_stale_or_weak() {
    let fixture = Fixture::new("weak");
    // Fails when what is broken isn't told; mends it again.
    let broken = |path: &str, from: &str, to: &str, words: &[&str]| {
        let text = fixture.read(path);
        fixture.edit(path, from, to);
        let said = fixture.run(&["verify", "1", "--quick"]);
        assert_eq!(said.code, 1, "{}{}", said.text, said.errors);
        for word in words {
            assert!(said.text.contains(word), "no {word:?} in\n{}", said.text);
        }
        fixture.write(path, &text);
    };
    broken(LIB, "Each call", "Every call", &["FAIL  01 is generated from its solution", LIB]);
    broken(
        "chapters/01-counter/README.md",
        "self.0 += 1;",
        "self.0 += 9;",
        &["FAIL  guides and slides", "README.md"],
    );
    broken("chapters/01-counter/README.md", "lib.rs:1.1", "lib.rs:1.9", &["there is no exercise 1.9"]);
    broken(
        "chapters/01-counter/README.md",
        "## Mend",
        "## Amend",
        &["FAIL  01 is complete", "no heading 'Mend'"],
    );
    broken("solutions/01-counter/exercises.toml", "minutes = 5", "minutes = 0", &["1.1 takes no time"]);
    let mutant = "solutions/01-counter/mutants/1.1-by-two.rs";
    broken(
        mutant,
        "self.0 += 2",
        "self.0 = 1 + self.0",
        &["FAIL  01 mutant 1.1-by-two.rs", "no test of 1.1 catches it"],
    );
    broken(mutant, "self.0 += 2", "self.2 += 2", &["FAIL  01 mutant 1.1-by-two.rs", "does not compile"]);
    broken(mutant, "mutant of 1.1", "mutant of 1.2", &["exercise 1.1 has 2 mutants"]);
    // A test that reaches an exercise that is yet to come, and one that passes while its exercise is open.
    let tests = "chapters/01-counter/tests/check.rs";
    broken(tests, "counter.count();", "counter.count();\n    Counter(0).thrice();", &["open at 1.2"]);
    broken(
        tests,
        "assert_eq!(Counter(5).less(), 4);",
        "Counter(5).less();",
        &["1.3 passes while it is open"],
    );
    broken(tests, "check::promise(\"It goes down.\");", "", &["does not begin with check::promise"]);
    assert_eq!(fixture.run(&["verify", "1", "--quick"]).code, 0);
}
