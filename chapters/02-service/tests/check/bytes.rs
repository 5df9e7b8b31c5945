//! 2.6: what the bytes say.

use std::fmt::Write as _;

use prost::Message;
use service::fields;

/// The version as a build of last year knew it: the same names, other numbers.
#[derive(Clone, PartialEq, prost::Message)]
struct OldVersion {
    #[prost(uint64, tag = "1")]
    replica: u64,
    #[prost(uint64, tag = "2")]
    counter: u64,
}

#[test]
fn ex_2_6_the_bytes_tell_numbers_and_not_names() {
    check::promise(
        "Read by hand, the bytes of an old replica show what the decoder, without any error, got wrong.",
    );
    let sent = OldVersion { replica: 2, counter: 41 };
    let bytes = sent.encode_to_vec();
    let read = proto::object::v1::Version::decode(&*bytes).unwrap();
    let mut story = format!(
        "an old replica sends   counter {}, replica {}\na new one decodes      counter {}, replica {}\nthe bytes              {}\n",
        sent.counter,
        sent.replica,
        read.counter,
        read.replica,
        hex(&bytes)
    );
    for field in fields(&bytes).unwrap() {
        writeln!(story, "  {field}").unwrap();
    }
    let object = proto::object::v1::Object {
        metadata: Some(proto::object::v1::Metadata {
            version: Some(read),
            region: "us".into(),
            tombstone: true,
            ..Default::default()
        }),
        value: vec![0xff, 0x00],
    };
    let bytes = object.encode_to_vec();
    writeln!(story, "an object              {}", hex(&bytes)).unwrap();
    for field in fields(&bytes).unwrap() {
        writeln!(story, "  {field}").unwrap();
        if let service::Value::Bytes(inner) = &field.value
            && field.number == 1
        {
            fields(inner).unwrap().iter().for_each(|field| writeln!(story, "    {field}").unwrap());
        }
    }
    check::snapshot!("bytes", story);
}

#[test]
fn ex_2_6_bytes_from_the_network_are_not_trusted() {
    check::promise(
        "Any bytes give fields or an error that says what is wrong; none lets the program fall over.",
    );
    let cases: [(&str, &[u8]); 22] = [
        ("nothing", &[]),
        ("a varint of one byte", &[0x08, 0x7f]),
        ("a varint of two bytes", &[0x08, 0xac, 0x02]),
        ("the largest varint", &[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
        ("a varint of 65 bits", &[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]),
        (
            "a varint of eleven bytes",
            &[0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00],
        ),
        ("a varint that does not end", &[0x08, 0x80]),
        ("fixed64 and fixed32", &[0x09, 1, 0, 0, 0, 0, 0, 0, 0x80, 0x15, 2, 0, 0, 0x80]),
        ("a fixed64 of seven bytes", &[0x09, 1, 0, 0, 0, 0, 0, 0]),
        ("bytes, and a field after them", &[0x12, 0x02, b'h', b'i', 0x18, 0x01]),
        ("bytes that end too soon", &[0x12, 0x05, b'h', b'i']),
        ("a length beyond all memory", &[0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
        ("a length of 258, and two bytes", &[0x12, 0x82, 0x02, b'h', b'i']),
        ("a length of 2^32 + 2, and two bytes", &[0x12, 0x82, 0x80, 0x80, 0x80, 0x10, b'h', b'i']),
        ("a field twice, and an earlier one between", &[0x18, 0x01, 0x08, 0x02, 0x18, 0x03]),
        ("a 0 in two bytes", &[0x08, 0x80, 0x00]),
        ("a tag that does not end", &[0x08, 0x01, 0x80]),
        ("the largest field number", &[0xf8, 0xff, 0xff, 0xff, 0x0f, 0x01]),
        ("field number 0", &[0x00, 0x01]),
        ("the wire type of groups", &[0x0b]),
        ("a field number of 2^29", &[0x80, 0x80, 0x80, 0x80, 0x10, 0x01]),
        ("a field number of 2^32 + 1", &[0x88, 0x80, 0x80, 0x80, 0x80, 0x01, 0x01]),
    ];
    let mut story = String::new();
    for (words, bytes) in cases {
        writeln!(story, "{words}: {}", hex(bytes)).unwrap();
        match fields(bytes) {
            Ok(fields) => fields.iter().for_each(|field| writeln!(story, "  {field}").unwrap()),
            Err(error) => writeln!(story, "  error: {error}").unwrap(),
        }
    }
    check::snapshot!("malformed", story);
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}
