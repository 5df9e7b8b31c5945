// mutant of 5.1: leaves out what replaces a peer's write
// "A peer sends its own writes itself", read as if the key were the peer's.
let Some(written) = after.filter(|object| object.version.replica == *me) else {
    return Ok(());
};
if _before.is_some_and(|object| object.version.replica != *me) {
    return Ok(());
}
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
