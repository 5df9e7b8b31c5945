// mutant of 5.1, part 2: keeps one entry too few
// Off by one: the newest entry goes with the old ones.
let may_go = |sequence: u64, ordinal: u64| {
    sequence <= acknowledged || last.saturating_sub(ordinal) + 1 >= most
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
