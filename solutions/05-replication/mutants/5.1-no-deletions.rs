// mutant of 5.1: leaves deletions out
// There is no value to send. So the other replicas keep what was deleted here.
let Some(written) = after.filter(|object| object.version.replica == *me && !object.is_tombstone()) else {
    return Ok(());
};
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
