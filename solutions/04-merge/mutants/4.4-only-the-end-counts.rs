// mutant of 4.4: looks only at the room that is left
// The clock cannot run over; but one message may use up almost all of it.
if version.counter > u64::MAX - MAX_AHEAD {
    return false;
}
write.observe(version);
true
