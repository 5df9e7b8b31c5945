// mutant of 4.1: room for a thousand replicas
// One number of both, wide enough for the counter; no fleet has more members. An id may be larger than their number.
let weight = |version: Version| u128::from(version.counter) * 1000 + u128::from(version.replica.0);
weight(a).cmp(&weight(b))
