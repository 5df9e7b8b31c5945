// mutant of 4.4, part 2: believes others about its own writes
// Its own entry is its clock, which nobody else moves.
for version in knowledge.iter() {
    if write.observe(version) {
        joined.raise(version.replica, version.counter);
    } else {
        too_far_ahead(version, write.clock());
    }
}
let _ = me;
