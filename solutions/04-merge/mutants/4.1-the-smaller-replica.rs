// mutant of 4.1: the smaller replica is later
// Any choice is fair; but all replicas must make the same, also those that run another's program.
a.counter.cmp(&b.counter).then(b.replica.cmp(&a.replica))
