//! Who may call what, and who may speak for whom. All of it is given.

use std::fmt::Write as _;

use peers::{Known, Role, greet};
use prost::Message as _;
use prost_types::FileDescriptorSet;
use serve::Caller;
use tls::{Holder, NoHolder};

use crate::support::{peer, show_status};

/// Every kind of caller, with the words of a table's head.
fn callers() -> [(&'static str, Caller); 6] {
    [
        ("no role", Caller::Certified(Holder::Nobody(NoHolder::Unnamed))),
        ("client", Caller::Certified(Holder::Client)),
        ("operator", Caller::Certified(Holder::Operator)),
        ("replica 2", Caller::Certified(Holder::Replica(2))),
        ("no TLS", Caller::Anonymous),
        ("trusted", Caller::Trusted),
    ]
}

/// The paths of all methods that replicas have, from the .proto files.
fn methods() -> Vec<String> {
    let set = FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap();
    let services = set.file.iter().flat_map(|file| file.service.iter().map(move |service| (file, service)));
    let paths = services.flat_map(|(file, service)| {
        let path = |method: &str| format!("{}.{}/{method}", file.package(), service.name());
        service.method.iter().map(move |method| path(method.name())).collect::<Vec<_>>()
    });
    let mut paths: Vec<_> = paths.collect();
    paths.sort();
    paths
}

#[test]
fn every_method_asks_for_its_role() {
    check::promise("Each method asks for a role, and who may do more may do the less.");
    let mut table = format!("{:44}", "");
    for (name, _) in callers() {
        write!(table, "{name:>11}").unwrap();
    }
    // The last two are none: what nobody has thought of is closed.
    let forgotten = ["atoll.peer.v1.PeerManagement/NewMethod", "atoll.new.v1.Service/Method"];
    for method in methods().iter().map(String::as_str).chain(forgotten) {
        write!(table, "\n{method:44}").unwrap();
        for (_, caller) in callers() {
            let may = if Role::rule(&caller, method).is_ok() { "yes" } else { "-" };
            write!(table, "{may:>11}").unwrap();
        }
    }
    check::snapshot!("roles", table);
}

#[test]
fn a_refusal_says_how_to_be_let_in() {
    check::promise("A refusal says whom the method is for, who the caller is, and what to do.");
    let mut story = String::new();
    let methods = [
        "atoll.kv.v1.KeyValue/Get",
        "atoll.peer.v1.PeerManagement/RemovePeer",
        "atoll.peer.v1.PeerManagement/Ping",
    ];
    for method in methods {
        writeln!(story, "{method}").unwrap();
        for (name, caller) in callers() {
            let answer =
                Role::rule(&caller, method).map_or_else(|status| show_status(&status), |()| "yes".into());
            writeln!(story, "  {name}: {answer}").unwrap();
        }
    }
    check::snapshot!("refusals", story);
}

#[test]
fn nobody_speaks_for_another_replica() {
    check::promise("Who says that it is a replica has that replica's certificate.");
    let (me, mut story) = (peer(1, "us"), String::new());
    for claimed in [2, 3] {
        for (name, caller) in callers() {
            let greeted = greet(&me, &caller, &Known::Unknown, peers::PROTOCOL, &peer(claimed, "de"), 1);
            let answer =
                greeted.map_or_else(|error| format!("{:?}: {error}", error.code()), |()| "welcome".into());
            writeln!(story, "{name} says that it is replica {claimed}: {answer}").unwrap();
        }
    }
    check::snapshot!("claims", story);
}
