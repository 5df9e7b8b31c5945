// mutant of 5.1: leaves out a deletion where nothing was before
// There is nothing to delete elsewhere either. But what was here may have been damaged, and peers still have it.
let Some(written) = after.filter(|object| object.version.replica == *me) else {
    return Ok(());
};
if written.is_tombstone() && _before.is_none() {
    return Ok(());
}
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
