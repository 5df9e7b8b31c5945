// mutant of 3.5, part 2: measures the silence from zero
// The mean is computed and not used, so a peer that answers each second looks late after each answer.
let count = self.intervals.len() as f64;
let (mean, variance) = if self.intervals.is_empty() {
    (self.expected, 0.0)
} else {
    let mean = self.intervals.iter().sum::<f64>() / count;
    let squares = self.intervals.iter().map(|interval| (interval - mean).powi(2));
    (mean, squares.sum::<f64>() / count)
};
let deviation = variance.sqrt().max(self.expected / 2.0);
let silence = now.saturating_sub(self.last).as_secs_f64();
let _ = mean;
later(silence / deviation)
