// mutant of 5.1: leaves out the deletion of what a peer wrote
// It isn't ours, so it isn't ours to tell of. The peer keeps what a client deleted here.
let Some(written) = after.filter(|object| object.version.replica == *me) else {
    return Ok(());
};
if written.is_tombstone() && _before.is_some_and(|object| object.version.replica != *me) {
    return Ok(());
}
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
