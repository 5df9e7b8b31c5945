// mutant of 3.5, part 2: no floor under the deviation
// A peer that answers like a clock is suspected when one packet is a little late.
let count = self.intervals.len() as f64;
let (mean, variance) = if self.intervals.is_empty() {
    (self.expected, 0.0)
} else {
    let mean = self.intervals.iter().sum::<f64>() / count;
    let squares = self.intervals.iter().map(|interval| (interval - mean).powi(2));
    (mean, squares.sum::<f64>() / count)
};
let deviation = variance.sqrt().max(0.001);
let silence = now.saturating_sub(self.last).as_secs_f64();
later((silence - mean) / deviation)
