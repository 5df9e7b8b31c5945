// mutant of 5.1: numbers the records by their ordinals
// The log has a counter already; why another? Because a peer resumes after a counter of the clock.
let Some(written) = after.filter(|object| object.version.replica == *me) else {
    return Ok(());
};
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(ordinal), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
