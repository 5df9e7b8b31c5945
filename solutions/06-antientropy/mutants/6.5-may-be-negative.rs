// mutant of 6.5: a pause below zero
// Four standard deviations are a long way. Once in thirty thousand pauses the process panics.
let (first, second) = (1.0 - self.random.f64(), self.random.f64());
let normal = (-2.0 * first.ln()).sqrt() * (TAU * second).cos();
self.mean.mul_f64(1.0 + SPREAD * normal)
