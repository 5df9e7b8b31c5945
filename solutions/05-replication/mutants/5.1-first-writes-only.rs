// mutant of 5.1: logs a key once
// The key is in the log already; whoever reads it will find what it holds now. But the peer is past
// that place.
let Some(written) = after.filter(|object| object.version.replica == *me && _before.is_none()) else {
    return Ok(());
};
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
