// mutant of 5.1: logs a tombstone that is forgotten
// Where `after` is None the key was deleted, it seems, and the tombstone is at hand in `before`.
let Some(written) = after.or(_before).filter(|object| object.version.replica == *me) else {
    return Ok(());
};
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
