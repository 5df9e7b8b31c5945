// mutant of 3.5, part 2: does not expect a last answer in the future
// The observer slept for longer than the peer was silent: the difference of the two times panics.
let count = self.intervals.len() as f64;
let (mean, variance) = if self.intervals.is_empty() {
    (self.expected, 0.0)
} else {
    let mean = self.intervals.iter().sum::<f64>() / count;
    let squares = self.intervals.iter().map(|interval| (interval - mean).powi(2));
    (mean, squares.sum::<f64>() / count)
};
let deviation = variance.sqrt().max(self.expected / 2.0);
let silence = (now - self.last).as_secs_f64();
later((silence - mean) / deviation)
