// mutant of 4.4: the difference wraps around
// What is behind the clock then looks far ahead, and every older object is refused.
if version.counter.wrapping_sub(write.clock()) > MAX_AHEAD || version.counter > u64::MAX - MAX_AHEAD {
    return false;
}
write.observe(version);
true
