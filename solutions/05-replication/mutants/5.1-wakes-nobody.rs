// mutant of 5.1: wakes nobody
// The entry is in the log, and all tests of the log pass.
let Some(written) = after.filter(|object| object.version.replica == *me) else {
    return Ok(());
};
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
let _ = grown;
Ok(())
