// mutant of 3.5: one sample too many
// Makes room before there is one more, and keeps 101.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
    self.distrust = TRUSTED_AFTER;
} else {
    if self.intervals.len() > WINDOW {
        self.intervals.pop_front();
    }
    self.intervals.push_back(interval);
}
self.distrust = self.distrust.saturating_sub(1);
self.last = now;
