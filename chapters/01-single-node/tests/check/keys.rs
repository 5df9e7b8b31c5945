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
    check::promise(
        "A record's key gives namespace and key back, whatever bytes they are, and refuses what is none.",
    );
    let mut table = String::from("NAMESPACE  KEY      RECORD           READ BACK\n");
    for (namespace, key) in NASTY {
        let key = Key::new(namespace, key).unwrap();
        let record = key.encode();
        let back = match Key::decode(&record) {
            Ok(back) if back == key => "the same".into(),
            Ok(back) => format!("namespace {}, key {}", show(back.namespace()), show(back.key())),
            Err(_) => "no key of an object".into(),
        };
        let (namespace, key, record) = (show(key.namespace()), show(key.key()), show(&record));
        writeln!(table, "{namespace:9}  {key:7}  {record:15}  {back}").unwrap();
    }
    table += "\nRECORDS OF ANOTHER KIND, OR DAMAGED\n";
    for record in [b"".as_slice(), b"o", b"o\x05ord", b"o\x05order", b"s\x01ak", b"\x01ak"] {
        let back = Key::decode(record).map_or("refused".into(), |key| format!("read as {key}"));
        writeln!(table, "{:15}  {back}", show(record)).unwrap();
    }
    check::snapshot!("keys_on_disk", table);

    let longest = Key::new(vec![b'n'; store::MAX_NAMESPACE], vec![b'k'; store::MAX_KEY]).unwrap();
    assert_eq!(Key::decode(&longest.encode()), Ok(longest), "the longest namespace and key read back");
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
        assert!(between.is_sorted(), "the keys of namespace \"{}\" are out of order", show(namespace));
    }
}
