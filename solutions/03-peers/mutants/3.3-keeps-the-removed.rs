// mutant of 3.3, part 2: keeps the channels of removed replicas
// They harm nobody, and there are more of them with each replica that was ever replaced.
let _ = peers;
