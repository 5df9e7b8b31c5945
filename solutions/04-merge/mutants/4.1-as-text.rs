// mutant of 4.1: replicas are compared as text
// Ids look like names, and names are sorted as text: "9" after "10".
a.counter.cmp(&b.counter).then(a.replica.to_string().cmp(&b.replica.to_string()))
