// mutant of 5.1, part 2: cuts where both conditions hold
// Careful: only what all have, and only where the log is too large. A peer that is gone makes the log
// grow for ever.
let may_go = |sequence: u64, ordinal: u64| {
    sequence <= acknowledged && last.saturating_sub(ordinal) >= most
};
let gone: Vec<_> =
    oldest.into_iter().take_while(|(sequence, entry)| may_go(*sequence, entry.ordinal)).collect();
let Some((sequence, entry)) = gone.last() else { return Ok(()) };
let cut = Place { sequence: *sequence, ordinal: entry.ordinal };
let body = move |txn: &mut Transaction<'_>| {
    gone.iter().for_each(|(sequence, _)| txn.delete(record::entry(*sequence)));
    txn.put(CUT, cut.encode());
    Ok::<_, Error>(())
};
store.engine().update(body).await?;
