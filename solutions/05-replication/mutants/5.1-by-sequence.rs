// mutant of 5.1, part 2: measures the size by sequence numbers
// They count writes, so they seem to give the size of the log. They have gaps.
let newest = store.clock().await?;
let may_go = |sequence: u64, ordinal: u64| {
    sequence <= acknowledged || { let _ = ordinal; newest.saturating_sub(sequence) >= most }
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
