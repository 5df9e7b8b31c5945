// mutant of 4.1: by the counter alone
// It is the Lamport time, after all. But two replicas may give the same, and then each keeps its own.
a.counter.cmp(&b.counter)
