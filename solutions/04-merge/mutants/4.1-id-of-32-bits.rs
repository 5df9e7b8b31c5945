// mutant of 4.1: an id of 32 bits
// Nobody has four thousand million replicas. But ids may be drawn, and two that end with the same bits are one then.
a.counter.cmp(&b.counter).then((a.replica.0 as u32).cmp(&(b.replica.0 as u32)))
