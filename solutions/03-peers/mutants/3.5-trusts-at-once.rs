// mutant of 3.5: trusts after one answer
// Most detectors do. The layers above open their streams to a peer that is gone again in a second.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
} else {
    self.intervals.push_back(interval);
    if self.intervals.len() > WINDOW {
        self.intervals.pop_front();
    }
}
self.distrust = self.distrust.saturating_sub(1);
self.last = now;
