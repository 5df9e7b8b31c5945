// mutant of 5.1, part 2: forgets the mark
// The records are gone, which is what cutting means. Now nobody can tell a gap from an empty log.
let may_go = |sequence: u64, ordinal: u64| {
    sequence <= acknowledged || last.saturating_sub(ordinal) >= most
};
let gone: Vec<_> =
    oldest.into_iter().take_while(|(sequence, entry)| may_go(*sequence, entry.ordinal)).collect();
let Some((sequence, entry)) = gone.last() else { return Ok(()) };
let cut = Place { sequence: *sequence, ordinal: entry.ordinal };
let body = move |txn: &mut Transaction<'_>| {
    gone.iter().for_each(|(sequence, _)| txn.delete(record::entry(*sequence)));
    let _ = cut;
    Ok::<_, Error>(())
};
store.engine().update(body).await?;
