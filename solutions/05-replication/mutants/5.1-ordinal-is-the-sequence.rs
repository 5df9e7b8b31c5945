// mutant of 5.1: the sequence number is the ordinal
// Both only grow. But the clock moves on by what it sees of others, so it skips.
let Some(written) = after.filter(|object| object.version.replica == *me) else {
    return Ok(());
};
let ordinal = written.version.counter;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
