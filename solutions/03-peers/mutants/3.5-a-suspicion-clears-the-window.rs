// mutant of 3.5: a suspicion clears the window
// A peer that was gone is taken for a new one, though it answers as unevenly as before.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
    self.distrust = TRUSTED_AFTER;
    self.intervals.clear();
} else {
    self.intervals.push_back(interval);
    if self.intervals.len() > WINDOW {
        self.intervals.pop_front();
    }
}
self.distrust = self.distrust.saturating_sub(1);
self.last = now;
