// mutant of 5.1: a sequence number of 32 bits
// Four thousand million writes seem enough. But each start may leave out a hundred million numbers.
let Some(written) = after.filter(|object| object.version.replica == *me) else {
    return Ok(());
};
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(u64::from(written.version.counter as u32)), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
