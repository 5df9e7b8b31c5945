//! 3.1: who is this replica?

use std::fmt::Write as _;

use peers::{Sources, identify};

const FLEET: &str = "\
# replica region address             host
1         us     http://10.0.0.1:4400 atoll-0
2         de     http://10.1.0.1:4400 atoll-1   # since March

3         sg     http://10.2.0.1:4400 atoll-2
";

fn host(name: &str) -> Sources {
    Sources { host_name: name.into(), ..Sources::default() }
}

fn based(base: u64, name: &str) -> Sources {
    Sources { replica_base: Some(base), ..host(name) }
}

fn option(id: &str) -> Sources {
    Sources { replica: Some(id.into()), ..Sources::default() }
}

fn file(text: &str) -> Sources {
    Sources { file: Some(("replica-id".into(), text.into())), ..Sources::default() }
}

fn fleet(text: &str, name: &str) -> Sources {
    Sources { fleet: Some(("fleet.txt".into(), text.into())), ..host(name) }
}

fn story(cases: Vec<(&str, Sources)>) -> String {
    let mut story = String::new();
    for (words, sources) in cases {
        let answer = identify(&sources).map_or_else(|error| error.to_string(), |id| format!("replica {id}"));
        writeln!(story, "{words}\n  {answer}").unwrap();
    }
    story
}

#[test]
fn ex_3_1_each_source_gives_an_id() {
    check::promise("An option, a host name with a base, a file and the table of the fleet each give the id.");
    let cases = vec![
        ("--replica 7", option("7")),
        ("a file that holds 7 and a line break", file("7\n")),
        ("the table of the fleet, host atoll-1", fleet(FLEET, "atoll-1")),
        ("base 1, host atoll-0", based(1, "atoll-0")),
        ("base 1, host atoll-2", based(1, "atoll-2")),
        ("base 1, host atoll-10", based(1, "atoll-10")),
        ("base 1, host atoll-300", based(1, "atoll-300")),
        ("base 100, host eu-west-atoll-2", based(100, "eu-west-atoll-2")),
        ("base 1, host atoll-2.atoll.prod-7.svc", based(1, "atoll-2.atoll.prod-7.svc")),
        ("base 0, host atoll-1", based(0, "atoll-1")),
        ("the table of the fleet, host atoll-2.atoll.prod.svc", fleet(FLEET, "atoll-2.atoll.prod.svc")),
        ("a table with whole names, host a.eu", fleet("1 us http://a:1 a.us\n2 eu http://b:1 a.eu", "a.eu")),
    ];
    check::snapshot!("ids", story(cases));
}

#[test]
fn ex_3_1_sources_agree_or_the_replica_does_not_start() {
    check::promise("Two sources that say different things are an error that names both; so is no source.");
    let cases = vec![
        ("--replica 3, base 1, host atoll-2", Sources { replica: Some("3".into()), ..based(1, "atoll-2") }),
        (
            "all four say 3",
            Sources { replica: Some("3".into()), replica_base: Some(1), ..file("3") }
                .with(fleet(FLEET, "atoll-2")),
        ),
        ("--replica 2, base 1, host atoll-2", Sources { replica: Some("2".into()), ..based(1, "atoll-2") }),
        ("a file says 3, the table of the fleet says 2", file("3").with(fleet(FLEET, "atoll-1"))),
        (
            "--replica 3, a file says 3, the table of the fleet says 2",
            Sources { replica: Some("3".into()), ..file("3") }.with(fleet(FLEET, "atoll-1")),
        ),
        (
            "--replica 3, base 1, host atoll-1, a file says 3",
            Sources { replica: Some("3".into()), replica_base: Some(1), ..file("3") }.with(host("atoll-1")),
        ),
        ("nothing at all", Sources::default()),
        ("only a host name: many a laptop is called mac-2", host("mac-2")),
        ("the table of the fleet has no line for this host", fleet(FLEET, "atoll-9")),
        (
            "--replica 4, and the table has no line for this host",
            Sources { replica: Some("4".into()), ..fleet(FLEET, "atoll-9") },
        ),
    ];
    check::snapshot!("agreement", story(cases));
}

#[test]
fn ex_3_1_any_two_sources_have_to_agree() {
    check::promise("Whichever two sources say different things, the replica does not start.");
    let (option, base) = (|id: &str| Some(id.to_owned()), Some(1));
    let fleet = || fleet("4 us http://10.0.0.1:4400 atoll-1", "atoll-1");
    let cases = vec![
        ("--replica 1, base 1 and host atoll-1", Sources { replica: option("1"), ..based(1, "atoll-1") }),
        ("--replica 1, a file says 3", Sources { replica: option("1"), ..file("3") }),
        ("--replica 1, the table of the fleet says 4", Sources { replica: option("1"), ..fleet() }),
        (
            "base 1 and host atoll-1, a file says 3",
            Sources { replica_base: base, ..file("3") }.with(host("atoll-1")),
        ),
        ("base 1 and host atoll-1, the table of the fleet says 4", Sources { replica_base: base, ..fleet() }),
        ("a file says 3, the table of the fleet says 4", file("3").with(fleet())),
        ("--replica 1, a file says 2^32 + 1", Sources { replica: option("1"), ..file("4294967297") }),
    ];
    check::snapshot!("pairs", story(cases));
}

#[test]
fn ex_3_1_what_is_no_id_is_refused() {
    check::promise("A source that is given and holds no id is an error, and never passed over.");
    let cases = vec![
        ("--replica 0", option("0")),
        ("--replica one", option("one")),
        ("--replica +1", option("+1")),
        ("--replica of more than 64 bits", option("18446744073709551616")),
        ("an empty file", file("")),
        ("base 1, host atoll", based(1, "atoll")),
        ("base 1, host atoll2", based(1, "atoll2")),
        ("base 1, host 7", based(1, "7")),
        ("base 1, host atoll-two", based(1, "atoll-two")),
        ("base 1, host atoll-", based(1, "atoll-")),
        ("base 1, host atoll-+2", based(1, "atoll-+2")),
        ("base 1, no host name", based(1, "")),
        ("base 0, host atoll-0", based(0, "atoll-0")),
        ("a base at the end of all numbers, host atoll-1", based(u64::MAX, "atoll-1")),
        ("a base at the end of all numbers, host atoll-3", based(u64::MAX, "atoll-3")),
        ("--replica 3, base 1, host atoll", Sources { replica: Some("3".into()), ..based(1, "atoll") }),
        ("a line of the fleet with too few words", fleet("1 us atoll-0", "atoll-0")),
        ("a line of the fleet with id 0", fleet("0 us http://a:1 atoll-0", "atoll-1")),
        ("two lines of the fleet with one id", fleet("1 us http://a:1 a\n1 de http://b:1 b", "a")),
        ("two lines of the fleet for host a.us", fleet("1 us http://a:1 a\n2 us http://b:1 a.us", "a.us")),
    ];
    check::snapshot!("no_ids", story(cases));
}

trait With {
    fn with(self, fleet: Sources) -> Self;
}

impl With for Sources {
    /// The same, with the table of the fleet and the host name of `fleet`.
    fn with(self, fleet: Sources) -> Self {
        Self { fleet: fleet.fleet, host_name: fleet.host_name, ..self }
    }
}
