// mutant of 3.5, part 2: a floor of half a second
// Half of what is expected, as long as that is a second.
let count = self.intervals.len() as f64;
let (mean, variance) = if self.intervals.is_empty() {
    (self.expected, 0.0)
} else {
    let mean = self.intervals.iter().sum::<f64>() / count;
    let squares = self.intervals.iter().map(|interval| (interval - mean).powi(2));
    (mean, squares.sum::<f64>() / count)
};
let deviation = variance.sqrt().max(0.5);
let silence = now.saturating_sub(self.last).as_secs_f64();
later((silence - mean) / deviation)
