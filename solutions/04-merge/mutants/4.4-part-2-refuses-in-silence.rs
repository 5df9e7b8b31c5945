// mutant of 4.4, part 2: tells nobody
// Somebody has to look after the replica that says such things.
for version in knowledge.iter().filter(|version| version.replica != me) {
    if write.observe(version) {
        joined.raise(version.replica, version.counter);
    }
}
let _ = too_far_ahead;
