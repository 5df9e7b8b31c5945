// mutant of 4.4: refuses the counter 0
// No write has it. But in what a replica knows it says that there is such a replica, and 4.5 lives on that.
let ahead = version.counter.saturating_sub(write.clock());
if version.counter == 0 || ahead > MAX_AHEAD || version.counter > u64::MAX - MAX_AHEAD {
    return false;
}
write.observe(version);
true
