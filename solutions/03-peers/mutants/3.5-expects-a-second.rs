// mutant of 3.5, part 2: expects an answer each second
// Right for the default. A peer that is pinged every ten seconds is suspected before it can answer.
let count = self.intervals.len() as f64;
let (mean, variance) = if self.intervals.is_empty() {
    (1.0, 0.0)
} else {
    let mean = self.intervals.iter().sum::<f64>() / count;
    let squares = self.intervals.iter().map(|interval| (interval - mean).powi(2));
    (mean, squares.sum::<f64>() / count)
};
let deviation = variance.sqrt().max(self.expected / 2.0);
let silence = now.saturating_sub(self.last).as_secs_f64();
later((silence - mean) / deviation)
