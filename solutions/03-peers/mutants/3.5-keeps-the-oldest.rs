// mutant of 3.5: keeps the oldest samples
// The window is full, so nothing more goes in.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
    self.distrust = TRUSTED_AFTER;
} else {
    if self.intervals.len() < WINDOW {
        self.intervals.push_back(interval);
    }
}
self.distrust = self.distrust.saturating_sub(1);
self.last = now;
