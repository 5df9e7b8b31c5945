//! What protobuf's bytes say, read by hand.
//!
//! The format is described at protobuf.dev, "Encoding": a message is a sequence of fields, each a
//! tag (number and wire type) and a value. It has no names and hardly any types: only the reader
//! knows those.

use std::fmt;

/// One field of a message, as far as the bytes tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// The number of the field.
    pub number: u32,
    /// Its value.
    pub value: Value,
}

/// A value, as far as the bytes tell what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Wire type 0: an integer, a bool or an enum; which, the bytes do not say.
    Varint(u64),
    /// Wire type 1: eight bytes, least significant first.
    Fixed64(u64),
    /// Wire type 2: bytes, a string, a message or a packed list; which, the bytes do not say.
    Bytes(Vec<u8>),
    /// Wire type 5: four bytes, least significant first.
    Fixed32(u32),
}

/// Why bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// The bytes end within a field.
    #[error("the bytes end within a field")]
    Truncated,
    /// A varint does not fit 64 bits.
    #[error("a varint does not end within 64 bits")]
    Overlong,
    /// A wire type that protobuf does not use, or no longer.
    #[error("wire type {0} is not in use")]
    WireType(u8),
    /// A field number that no field has.
    #[error("{0} is no field number")]
    Number(u64),
}

// exercise 2.6: Read the bytes
//
// Each field begins with a tag, a varint: the lowest three bits are the wire type, the rest is the
// number, 1 to 2^29 - 1. Then the value: wire type 0 a varint, 1 eight bytes, 2 a varint with a
// length and that many bytes, 5 four bytes; 3, 4, 6 and 7 are refused. A varint has seven bits a
// byte, the least significant first, until a byte whose highest bit is 0. Bytes that end too soon,
// and a varint of more than 64 bits, are errors: these bytes come from the network. `take` and
// `take_array` consume bytes from the front.
// starter:
// | /// The fields of a message, in the order of the bytes.
// | ///
// | /// # Errors
// | /// Where the bytes are no message.
// | pub fn fields(mut bytes: &[u8]) -> Result<Vec<Field>, WireError> {
// |     todo!("exercise 2.6: Read the bytes")
// | }
// |
// | /// Consumes a varint from the front.
// | fn varint(bytes: &mut &[u8]) -> Result<u64, WireError> {
// |     todo!("exercise 2.6: Read the bytes")
// | }
// end starter
/// The fields of a message, in the order of the bytes.
///
/// # Errors
/// If the bytes are not a message.
pub fn fields(mut bytes: &[u8]) -> Result<Vec<Field>, WireError> {
    let mut fields = Vec::new();
    while !bytes.is_empty() {
        let tag = varint(&mut bytes)?;
        let number = u32::try_from(tag >> 3).ok().filter(|number| (1..1 << 29).contains(number));
        let number = number.ok_or(WireError::Number(tag >> 3))?;
        let value = match (tag & 7) as u8 {
            0 => Value::Varint(varint(&mut bytes)?),
            1 => Value::Fixed64(u64::from_le_bytes(take_array(&mut bytes)?)),
            2 => {
                let length = varint(&mut bytes)?;
                Value::Bytes(take(&mut bytes, length)?.to_vec())
            }
            5 => Value::Fixed32(u32::from_le_bytes(take_array(&mut bytes)?)),
            other => return Err(WireError::WireType(other)),
        };
        fields.push(Field { number, value });
    }
    Ok(fields)
}

/// Consumes a varint from the front.
fn varint(bytes: &mut &[u8]) -> Result<u64, WireError> {
    let mut value = 0;
    for shift in (0..64).step_by(7) {
        let [byte] = take_array(bytes)?;
        let low = u64::from(byte & 0x7f);
        if low << shift >> shift != low {
            return Err(WireError::Overlong);
        }
        value |= low << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(WireError::Overlong)
}
// end exercise 2.6

/// Consumes `length` bytes from the front.
fn take<'a>(bytes: &mut &'a [u8], length: u64) -> Result<&'a [u8], WireError> {
    let length = usize::try_from(length).map_err(|_| WireError::Truncated)?;
    let (taken, rest) = bytes.split_at_checked(length).ok_or(WireError::Truncated)?;
    *bytes = rest;
    Ok(taken)
}

/// Consumes as many bytes from the front as the array has.
fn take_array<const N: usize>(bytes: &mut &[u8]) -> Result<[u8; N], WireError> {
    let (taken, rest) = bytes.split_first_chunk().ok_or(WireError::Truncated)?;
    *bytes = rest;
    Ok(*taken)
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "field {}  ", self.number)?;
        match &self.value {
            Value::Varint(value) => write!(f, "varint   {value}"),
            Value::Fixed64(value) => write!(f, "fixed64  {value}"),
            Value::Bytes(bytes) => write!(f, "bytes    \"{}\"", bytes.escape_ascii()),
            Value::Fixed32(value) => write!(f, "fixed32  {value}"),
        }
    }
}
