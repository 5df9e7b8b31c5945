// mutant of 4.1: the sign of the difference
// As one writes it in C: the difference of two large counters does not fit.
(a.counter.wrapping_sub(b.counter) as i64).cmp(&0).then(a.replica.cmp(&b.replica))
