// mutant of 3.5, part 2: a timeout with another name
// Silence in units of the expected interval: uneven peers are suspected, and patience never grows.
let silence = now.saturating_sub(self.last).as_secs_f64();
later((silence - self.expected) / (self.expected / 2.0))
