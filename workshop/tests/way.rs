//! An attendee's whole way through a tiny workshop.

mod fixture;

use fixture::Fixture;

#[test]
fn try_out() {
    let f = Fixture::new("try");
    for args in
        [&["check", "1"][..], &["check", "2"], &["check", "1", "--solution"], &["check", "1.1", "--json"]]
    {
        let said = f.run(args);
        println!("{args:?} -> {}\n{}{}", said.code, said.text, said.errors);
    }
    println!("{}", f.read("chapters/01-counter/src/lib.rs"));
    println!("{}", f.read("solutions/01-counter/checks.toml"));
    println!("{}", f.read("chapters/01-counter/README.md"));
    let lib = "chapters/01-counter/src/lib.rs";
    f.edit(lib, "todo!(\"exercise 1.1: Count one\")", "self.0 += 2;");
    let said = f.run(&["check"]);
    println!("{}\n{}{}", said.code, said.text, said.errors);
    f.edit(lib, "self.0 += 2;", "self.1 += 2;");
    let said = f.run(&["check"]);
    println!("{}\n{}{}", said.code, said.text, said.errors);
    f.edit(lib, "self.1 += 2;", "loop { self.0 += 0 }");
    let said = f.run(&["check"]);
    println!("{}\n{}{}", said.code, said.text, said.errors);
    panic!();
}
