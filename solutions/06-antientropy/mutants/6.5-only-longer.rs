// mutant of 6.5: the absolute value
// It is never negative. Nor is it ever shorter than the mean.
let (first, second) = (1.0 - self.random.f64(), self.random.f64());
let normal = (-2.0 * first.ln()).sqrt() * (TAU * second).cos();
self.mean.mul_f64(1.0 + SPREAD * normal.abs())
