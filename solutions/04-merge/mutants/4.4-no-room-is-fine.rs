// mutant of 4.4: looks only at the jump
// In enough jumps of an allowed length the clock comes to its end all the same.
if version.counter.saturating_sub(write.clock()) > MAX_AHEAD {
    return false;
}
write.observe(version);
true
