// mutant of 5.1, part 2: counts the entries that it was given
// `oldest` looks like the log. It is the first chunk of it, so a log that may hold more is never cut at its size.
let length = oldest.len() as u64;
let _ = last;
let may_go = |index: usize, sequence: u64| sequence <= acknowledged || length - index as u64 > most;
let gone: Vec<_> = oldest
    .into_iter()
    .enumerate()
    .take_while(|(index, (sequence, _))| may_go(*index, *sequence))
    .map(|(_, entry)| entry)
    .collect();
let Some((sequence, entry)) = gone.last() else { return Ok(()) };
let cut = Place { sequence: *sequence, ordinal: entry.ordinal };
let body = move |txn: &mut Transaction<'_>| {
    gone.iter().for_each(|(sequence, _)| txn.delete(record::entry(*sequence)));
    txn.put(CUT, cut.encode());
    Ok::<_, Error>(())
};
store.engine().update(body).await?;
