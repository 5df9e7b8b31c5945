// mutant of 5.1: logs what came from peers too
// "Every change of a key" reads as if it meant every change; and three replicas would send each write
// on for ever.
let Some(written) = after else {
    return Ok(());
};
let ordinal = record::number(LAST, txn.get(LAST)?)? + 1;
let entry = Entry { ordinal, written: clock.now(), key: key.clone() };
txn.put(record::entry(written.version.counter), entry.encode());
txn.put(LAST, ordinal.to_be_bytes());
grown.send_replace(());
Ok(())
