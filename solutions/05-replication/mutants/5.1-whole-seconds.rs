// mutant of 5.1: the time in whole seconds
// Lag is told in seconds, so the rest seems to be of no use. A lag of a moment then looks like one of a second.
let Some(written) = after.filter(|object| object.version.replica == *me) else {
    return Ok(());
};
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: Duration::from_secs(clock.now().as_secs()), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
