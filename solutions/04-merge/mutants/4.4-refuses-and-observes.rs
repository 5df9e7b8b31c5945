// mutant of 4.4: moves the clock, and then looks
// The object is refused, but its counter has done its work.
let ahead = version.counter.saturating_sub(write.clock());
write.observe(version);
ahead <= MAX_AHEAD && version.counter <= u64::MAX - MAX_AHEAD
