// mutant of 3.5: distrust adds up
// It seems just. A peer that flapped ten times is then not trusted for half a minute.
let interval = now.saturating_sub(self.last).as_secs_f64();
if self.phi(now) >= THRESHOLD {
    self.distrust += TRUSTED_AFTER;
} else {
    self.intervals.push_back(interval);
    if self.intervals.len() > WINDOW {
        self.intervals.pop_front();
    }
}
self.distrust = self.distrust.saturating_sub(1);
self.last = now;
