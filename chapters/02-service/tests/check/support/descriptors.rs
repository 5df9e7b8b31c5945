//! Messages to compare, described in a few words each.

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, FieldDescriptorProto, FileDescriptorProto, FileDescriptorSet,
    descriptor_proto::ReservedRange,
};

/// A set with one package, "test", and these messages.
pub fn set(messages: impl IntoIterator<Item = DescriptorProto>) -> FileDescriptorSet {
    let message_type = messages.into_iter().collect();
    let file = FileDescriptorProto { package: Some("test".into()), message_type, ..Default::default() };
    FileDescriptorSet { file: vec![file] }
}

pub fn message(name: &str, fields: impl IntoIterator<Item = FieldDescriptorProto>) -> DescriptorProto {
    DescriptorProto { name: Some(name.into()), field: fields.into_iter().collect(), ..Default::default() }
}

/// The message with its numbers from `first` to `last` reserved.
pub fn reserving(message: DescriptorProto, first: i32, last: i32) -> DescriptorProto {
    let range = ReservedRange { start: Some(first), end: Some(last + 1) };
    DescriptorProto { reserved_range: vec![range], ..message }
}

/// The message with another within it.
pub fn containing(message: DescriptorProto, nested: DescriptorProto) -> DescriptorProto {
    DescriptorProto { nested_type: vec![nested], ..message }
}

pub fn field(number: i32, name: &str, r#type: Type) -> FieldDescriptorProto {
    let mut field =
        FieldDescriptorProto { name: Some(name.into()), number: Some(number), ..Default::default() };
    field.set_type(r#type);
    field.set_label(Label::Optional);
    field
}

pub fn repeated(mut field: FieldDescriptorProto) -> FieldDescriptorProto {
    field.set_label(Label::Repeated);
    field
}

/// As `optional` in proto3, which protobuf describes as a oneof of one.
pub fn optional(mut field: FieldDescriptorProto) -> FieldDescriptorProto {
    field.proto3_optional = Some(true);
    in_oneof(field)
}

pub fn in_oneof(mut field: FieldDescriptorProto) -> FieldDescriptorProto {
    field.oneof_index = Some(0);
    field
}

pub fn of_type(mut field: FieldDescriptorProto, name: &str) -> FieldDescriptorProto {
    field.type_name = Some(name.into());
    field
}
