// mutant of 4.1: compares counters as floating-point numbers
// As in a language that has no other numbers: above 2^53 neighbours are one.
(a.counter as f64).total_cmp(&(b.counter as f64)).then(a.replica.cmp(&b.replica))
