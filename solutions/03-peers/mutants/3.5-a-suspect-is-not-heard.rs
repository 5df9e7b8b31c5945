// mutant of 3.5: does not note when a suspect was heard
// The early return skips what has to be done in any case.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
    self.distrust = TRUSTED_AFTER - 1;
    return;
}
self.intervals.push_back(interval);
if self.intervals.len() > WINDOW {
    self.intervals.pop_front();
}
self.distrust = self.distrust.saturating_sub(1);
self.last = now;
