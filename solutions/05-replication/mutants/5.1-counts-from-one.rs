// mutant of 5.1: counts from the entries of this transaction
// The last ordinal is read, and the new one is not kept.
let Some(written) = after.filter(|object| object.version.replica == *me) else {
    return Ok(());
};
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
grown.send_replace(());
Ok(())
