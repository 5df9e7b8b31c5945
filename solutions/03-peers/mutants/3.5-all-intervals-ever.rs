// mutant of 3.5: remembers every interval
// The mean of a year does not move when the network of today is another one, and the memory grows.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
    self.distrust = TRUSTED_AFTER;
} else {
    self.intervals.push_back(interval);
}
self.distrust = self.distrust.saturating_sub(1);
self.last = now;
