//! 1.1: how a key stands on disk.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fmt::Write as _;

use store::Key;

use crate::support::show;

/// Namespaces and keys that a careless encoding mixes up.
const NASTY: [(&[u8], &[u8]); 12] = [
    (b"", b"a"),
    (b"a", b"bc"),
    (b"ab", b"c"),
    (b"a", b"/c"),
    (b"a/", b"c"),
    (b"a", b"\0b"),
    (b"a\0", b"b"),
    (b"\0", b"\0"),
    (b"\x01", b"a"),
    (b"\xff", b"\xff"),
    (b"\xff\xff", b"a"),
    (b"a", b"\x01a"),
];

#[test]
fn ex_1_1_a_key_is_read_back_as_it_was_written() {
    check::promise("A record's key gives namespace and key back, whatever bytes they are.");
    let mut table = String::from("NAMESPACE  KEY      READ BACK\n");
    for (namespace, key) in NASTY {
        let key = Key::new(namespace, key).unwrap();
        let (namespace, name, back) = (show(key.namespace()), show(key.key()), read_back(&key));
        writeln!(table, "{namespace:9}  {name:7}  {back}").unwrap();
    }
    let longest = Key::new(vec![b'n'; store::MAX_NAMESPACE], vec![b'k'; store::MAX_KEY]).unwrap();
    let back = read_back(&longest);
    // Another one is long, too.
    let back = if back == "the same" { back } else { "something else".into() };
    writeln!(table, "\nthe longest namespace and key: {back}").unwrap();
    check::snapshot!("keys_read_back", table);
}

#[test]
fn ex_1_1_namespaces_do_not_leak_into_one_another() {
    check::promise(
        "The records of one namespace stand together, in the order of their keys, with no other's between.",
    );
    let mut records: Vec<_> = NASTY.iter().map(|(n, k)| Key::new(*n, *k).unwrap()).collect();
    for letter in [b"a".as_slice(), b"aa", b"ab", b"b", b"ba"] {
        records.push(Key::new("order", letter).unwrap());
    }
    records.sort_by_key(Key::encode);
    for namespace in NASTY.map(|(namespace, _)| namespace).into_iter().chain([b"order".as_slice()]) {
        let of_namespace = |key: &Key| key.namespace() == namespace;
        let first = records.iter().position(of_namespace).unwrap();
        let last = records.iter().rposition(of_namespace).unwrap();
        let between = &records[first..=last];
        if let Some(stranger) = between.iter().find(|key| !of_namespace(key)) {
            panic!("among the records of namespace \"{}\" stands {stranger}", show(namespace));
        }
        let keys = |of: &[Key]| of.iter().map(|key| show(key.key())).collect::<Vec<_>>().join(", ");
        let mut sorted = between.to_vec();
        sorted.sort();
        assert!(
            between == sorted,
            "the records of namespace \"{}\" stand in the order {}; in that of their keys it would be {}",
            show(namespace),
            keys(between),
            keys(&sorted)
        );
    }
}

#[test]
fn ex_1_1_other_bytes_are_refused() {
    check::promise("What is no key of an object, or only the beginning of one, is refused.");
    let mut table = String::new();
    for record in [b"".as_slice(), b"o", b"o\x05ord", b"o\x05order", b"s\x01ak", b"\x01ak"] {
        let back = Key::decode(record).map_or("refused".into(), |key| format!("read as {key}"));
        writeln!(table, "{:15}  {back}", show(record)).unwrap();
    }
    check::snapshot!("no_keys", table);
}

/// Other programs read the records, too, so it is not enough that this one reads what it writes.
#[test]
fn ex_1_1_records_are_laid_out_as_they_should_be() {
    check::promise("A record's key is a letter, a byte with the namespace's length, the namespace, the key.");
    let mut table = String::from("NAMESPACE  KEY      RECORD\n");
    for (namespace, key) in NASTY {
        let record = show(&Key::new(namespace, key).unwrap().encode());
        writeln!(table, "{:9}  {:7}  {record}", show(namespace), show(key)).unwrap();
    }
    check::snapshot!("keys_on_disk", table);
}

/// What the key's record is read as.
fn read_back(key: &Key) -> String {
    match Key::decode(&key.encode()) {
        Ok(back) if back == *key => "the same".into(),
        Ok(back) => format!("namespace {}, key {}", show(back.namespace()), show(back.key())),
        Err(_) => "no key of an object".into(),
    }
}
