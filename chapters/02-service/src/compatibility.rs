//! Which changes of a message old replicas survive.

use std::fmt;

use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorSet};

/// A change that makes two programs read the same bytes differently.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// The full name of the message.
    pub message: String,
    /// The number of the field; 0 for the message as a whole.
    pub number: i32,
    /// What changed.
    pub what: String,
}

/// What a program built with `old` would misread in messages of `new`, or vice versa.
pub fn breaches(old: &FileDescriptorSet, new: &FileDescriptorSet) -> Vec<Breach> {
    let new = messages(new);
    let mut breaches = Vec::new();
    for (name, old) in messages(old) {
        match new.iter().find(|(other, _)| *other == name) {
            Some((_, new)) => breaches.extend(compare(&name, old, new)),
            None => {
                breaches.push(Breach { message: name, number: 0, what: "the message was removed".into() })
            }
        }
    }
    breaches.sort();
    breaches
}

/// The changes of one message that old and new programs do not survive.
fn compare(message: &str, old: &DescriptorProto, new: &DescriptorProto) -> Vec<Breach> {
    let mut breaches = Vec::new();
    let mut breach =
        |number: i32, what: String| breaches.push(Breach { message: message.into(), number, what });
    // exercise 2.6, continued: Refuse what breaks old readers
    //
    // A number means one thing forever. For each field of `old`, look for the field of `new` with
    // its number. Call `breach` with the number and these words:
    //   None has it, and `new` does not reserve it (`is_reserved`), so that somebody may reuse it
    //   again: "NAME was removed and its number is not reserved".
    //   One with another name has it: "the number of OLD was given to NEW".
    //   The same has it, but another type (`type_of`): "NAME was TYPE and is TYPE".
    //   Or another cardinality (`cardinality_of`): "NAME was CARDINALITY and is CARDINALITY".
    // And for each field of `new` whose number `old` has reserved: "NAME takes a reserved number".
    todo!("exercise 2.6: Read the bytes");
    // end exercise 2.6
    breaches
}

/// Whether no field of the message may have this number.
fn is_reserved(message: &DescriptorProto, number: i32) -> bool {
    // The end of a reserved range is not part of it.
    message.reserved_range.iter().any(|range| (range.start()..range.end()).contains(&number))
}

/// The type of a field, in words.
fn type_of(field: &FieldDescriptorProto) -> String {
    let scalar = field.r#type().as_str_name().trim_start_matches("TYPE_").to_lowercase();
    if field.type_name().is_empty() { scalar } else { format!("{scalar} {}", field.type_name()) }
}

/// How often a field can occur in a message. `optional` changes no byte, so it counts as `single`.
fn cardinality_of(field: &FieldDescriptorProto) -> &'static str {
    use prost_types::field_descriptor_proto::Label;
    match field.label() {
        Label::Repeated => "repeated",
        _ if field.oneof_index.is_some() && !field.proto3_optional() => "one of several",
        _ => "single",
    }
}

/// All messages with their full names, those within messages too.
fn messages(set: &FileDescriptorSet) -> Vec<(String, &DescriptorProto)> {
    let mut found = Vec::new();
    let mut open: Vec<_> = set
        .file
        .iter()
        .flat_map(|file| file.message_type.iter().map(|message| (file.package().to_owned(), message)))
        .collect();
    while let Some((scope, message)) = open.pop() {
        let name = format!("{scope}.{}", message.name());
        open.extend(message.nested_type.iter().map(|nested| (name.clone(), nested)));
        found.push((name, message));
    }
    found
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} field {}: {}", self.message, self.number, self.what)
    }
}
