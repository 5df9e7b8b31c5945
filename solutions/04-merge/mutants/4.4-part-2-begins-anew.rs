// mutant of 4.4, part 2: knows only what was learned last
// The other one has just said what it knows. What is known of those whom it never met is lost.
joined = Knowledge::default();
for version in knowledge.iter().filter(|version| version.replica != me) {
    if write.observe(version) {
        joined.raise(version.replica, version.counter);
    } else {
        too_far_ahead(version, write.clock());
    }
}
