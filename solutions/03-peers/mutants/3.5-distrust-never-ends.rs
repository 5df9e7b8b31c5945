// mutant of 3.5: the distrust is never counted down
// A peer that was away once is suspected for ever.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
    self.distrust = TRUSTED_AFTER;
} else {
    self.intervals.push_back(interval);
    if self.intervals.len() > WINDOW {
        self.intervals.pop_front();
    }
}
self.last = now;
