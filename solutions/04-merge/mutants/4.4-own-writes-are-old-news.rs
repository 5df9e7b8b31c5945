// mutant of 4.4: own writes move nothing
// The own clock must be past them. It is not, if the directory was lost: then counters are given twice.
if version.replica == write.identity().replica {
    return true;
}
let ahead = version.counter.saturating_sub(write.clock());
if ahead > MAX_AHEAD || version.counter > u64::MAX - MAX_AHEAD {
    return false;
}
write.observe(version);
true
