// mutant of 4.4, part 2: one that is refused ends it
// One damaged entry, and nothing is learned of the other replicas any more.
for version in knowledge.iter().filter(|version| version.replica != me) {
    if !write.observe(version) {
        too_far_ahead(version, write.clock());
        break;
    }
    joined.raise(version.replica, version.counter);
}
