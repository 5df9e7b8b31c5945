// mutant of 3.5: takes no samples of a peer it does not trust
// Only an interval that ends in a suspicion is no sample. The ones after it are how the peer answers now.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
    self.distrust = TRUSTED_AFTER;
} else if self.distrust == 0 {
    self.intervals.push_back(interval);
    if self.intervals.len() > WINDOW {
        self.intervals.pop_front();
    }
}
self.distrust = self.distrust.saturating_sub(1);
self.last = now;
