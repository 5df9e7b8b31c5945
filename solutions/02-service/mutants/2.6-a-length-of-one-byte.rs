// mutant of 2.6: a length is a byte
// Most are shorter than 128 bytes, and their length is.
/// The fields of a message, in the order of the bytes.
///
/// # Errors
/// Where the bytes are no message.
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
                let length = u64::from(varint(&mut bytes)? as u8);
                Value::Bytes(take(&mut bytes, length)?.to_vec())
            }
            5 => Value::Fixed32(u32::from_le_bytes(take_array(&mut bytes)?)),
            other => return Err(WireError::WireType(other)),
        };
        fields.push(Field { number, value });
    }
    Ok(fields)
}

/// Takes a varint off the front.
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
