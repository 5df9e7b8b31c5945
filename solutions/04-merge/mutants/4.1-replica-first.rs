// mutant of 4.1: the replica comes first
// The pair is compared from its first field on, and somebody wrote the replica first. Then replica 3 always wins.
a.replica.cmp(&b.replica).then(a.counter.cmp(&b.counter))
