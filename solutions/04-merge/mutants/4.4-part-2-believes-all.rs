// mutant of 4.4, part 2: knows what was refused
// Everything of that replica would be known from now on, and its true writes refused as echoes.
for version in knowledge.iter().filter(|version| version.replica != me) {
    if !write.observe(version) {
        too_far_ahead(version, write.clock());
    }
    joined.raise(version.replica, version.counter);
}
