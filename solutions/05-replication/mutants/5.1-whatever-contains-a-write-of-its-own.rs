// mutant of 5.1: logs what contains a write of this replica
// The vector names this replica, so it looks like one of its writes. But whoever replaced such a write is in the
// vector, too, and sends the object itself.
let Some(written) = after.filter(|object| object.vector.iter().any(|known| known.replica == *me)) else {
    return Ok(());
};
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
