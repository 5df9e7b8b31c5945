use super::*;

const STAMP: &str = "\
impl Clock {
    fn stamp(&mut self) -> u64 {
        // exercise 1.2: Stamp the write
        //
        // Every write is later than the last.
        self.now += 1;

        self.now
        // end exercise 1.2
    }
}
";

fn open(text: &str) -> String {
    let source = Source::parse(text).unwrap();
    let titles = source.regions.iter().filter(|r| !r.continued).map(|r| (r.id, r.title.clone())).collect();
    source.render(&titles, |_| Form::Open)
}

fn error(text: &str) -> String {
    format!("{:#}", Source::parse(text).unwrap_err())
}

#[test]
fn a_todo_takes_the_place_of_the_code() {
    let starter = "\
impl Clock {
    fn stamp(&mut self) -> u64 {
        // exercise 1.2: Stamp the write
        //
        // Every write is later than the last.
        todo!(\"exercise 1.2: Stamp the write\")
        // end exercise 1.2
    }
}
";
    assert_eq!(open(STAMP), starter);
    assert_eq!(open(starter), starter, "a starter is its own starter");
}

#[test]
fn a_todo_before_other_code_is_a_statement() {
    let text = "fn f() {\n    // exercise 1.1: A \"b\" {c}\n    a();\n    // end exercise 1.1\n    b();\n}\n";
    assert!(open(text).contains("    todo!(\"exercise 1.1: A \\\"b\\\" {{c}}\");\n"), "{}", open(text));
}

#[test]
fn a_further_region_names_the_title_of_the_first() {
    let text = "\
fn f() {
    // exercise 2.6: Split the stream
    a()
    // end exercise 2.6
}
fn g() {
    // exercise 2.6, continued: the other half
    b()
    // end exercise 2.6
}
";
    let starter = open(text);
    assert_eq!(starter.matches("todo!(\"exercise 2.6: Split the stream\")").count(), 2, "{starter}");
    assert!(starter.contains("// exercise 2.6, continued: the other half\n"));
}

#[test]
fn a_starter_of_its_own_takes_the_place_of_the_todo() {
    let text = "{
    // exercise 2.6: Mend it
    // Why.
    // starter:
    // | if true {
    // |     a();
    // |
    // | }
    // end starter
    b();
    // end exercise 2.6
";
    let starter = "{
    // exercise 2.6: Mend it
    // Why.
    if true {
        a();

    }
    // end exercise 2.6
";
    assert_eq!(open(text), starter);
    let source = Source::parse(text).unwrap();
    let solved = source.region(&source.regions[0], &Titles::new(), Form::Solved);
    assert_eq!(solved, "    // exercise 2.6: Mend it\n    // Why.\n    b();\n    // end exercise 2.6\n");
}

#[test]
fn a_region_can_be_read_and_replaced() {
    let source = Source::parse(STAMP).unwrap();
    let region = &source.regions[0];
    assert_eq!(source.code(region), "self.now += 1;\n\nself.now\n");
    assert_eq!(source.line(region), 6);
    let mutant = source.region(region, &Titles::new(), Form::Code("self.now\n"));
    let text = String::from_utf8(spliced(STAMP.as_bytes(), region, &mutant)).unwrap();
    assert!(text.contains("last.\n        self.now\n        // end exercise 1.2\n    }\n}\n"), "{text}");
}

#[test]
fn what_is_around_a_region_keeps_its_bytes_and_the_region_takes_on_the_line_ends() {
    let text = "a\n// exercise 1.1: A\r\nb\r\n// end exercise 1.1\r\n// gr\u{fc}n";
    let source = Source::parse(text).unwrap();
    let latin: Vec<u8> = text.chars().map(|c| c as u8).collect();
    let replaced = spliced(&latin, &source.regions[0], "c\nd\n");
    assert_eq!(replaced, b"a\nc\r\nd\r\n// gr\xfcn");
}

#[test]
fn a_broken_marker_is_named_with_its_line() {
    assert!(error("\n// exercise 1.2: A\ncode\n").contains("line 2"));
    assert!(error("// exercise 1.2: A\ncode\n").contains("'// end exercise 1.2' is missing"));
    assert!(error("// exercise 1.1: A\n// exercise 1.2: B\n// end exercise 1.1\n").contains("line 1"));
    assert!(error("// end exercise 1.2\n").contains("ends no exercise"));
    assert!(error("// exercise 1.2 A\n// end exercise 1.2\n").contains("starts with"));
    assert!(error("// exercise 1.2: A\n// starter:\n// end exercise 1.2\n").contains("end starter"));
    let bare = "// exercise 1.2: A\n// starter:\n// code\n// end starter\n// end exercise 1.2\n";
    assert!(error(bare).contains("begins with"));
}
