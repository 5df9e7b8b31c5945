// mutant of 4.1: compares the lower half of the counter
// A 32-bit counter is large, until it is passed: from then on new writes are early.
(a.counter as u32).cmp(&(b.counter as u32)).then(a.replica.cmp(&b.replica))
