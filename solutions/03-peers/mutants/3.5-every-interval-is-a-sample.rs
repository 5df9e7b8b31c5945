// mutant of 3.5: every interval is a sample
// As the paper has it. A peer that comes and goes teaches its detector that to be gone is usual.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
    self.distrust = TRUSTED_AFTER;
}
self.intervals.push_back(interval);
if self.intervals.len() > WINDOW {
    self.intervals.pop_front();
}
self.distrust = self.distrust.saturating_sub(1);
self.last = now;
