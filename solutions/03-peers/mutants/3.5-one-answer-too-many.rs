// mutant of 3.5: does not count the answer that ended the silence
// Four answers, where three were promised.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
    self.distrust = TRUSTED_AFTER;
} else {
    self.distrust = self.distrust.saturating_sub(1);
    self.intervals.push_back(interval);
    if self.intervals.len() > WINDOW {
        self.intervals.pop_front();
    }
}
self.last = now;
