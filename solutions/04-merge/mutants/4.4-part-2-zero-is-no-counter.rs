// mutant of 4.4, part 2: passes over the counter 0
// No write has it. But in what a replica knows it says that there is such a replica, and 4.5 lives on that.
for version in knowledge.iter().filter(|version| version.replica != me && version.counter > 0) {
    if write.observe(version) {
        joined.raise(version.replica, version.counter);
    } else {
        too_far_ahead(version, write.clock());
    }
}
