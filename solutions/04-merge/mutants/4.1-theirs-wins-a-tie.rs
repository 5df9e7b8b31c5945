// mutant of 4.1: of two writes with one counter the second argument wins
// "Last writer wins", and what came last is passed last. Then the order of arrival decides.
a.counter.cmp(&b.counter).then(if a.replica == b.replica { Ordering::Equal } else { Ordering::Less })
