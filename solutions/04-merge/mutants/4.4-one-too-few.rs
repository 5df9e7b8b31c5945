// mutant of 4.4: refuses what is just within the bound
// A bound is the last that is allowed, or the first that is not; here it is the last.
let ahead = version.counter.saturating_sub(write.clock());
if ahead >= MAX_AHEAD || version.counter >= u64::MAX - MAX_AHEAD {
    return false;
}
write.observe(version);
true
