// mutant of 6.5: one uniform number for both
// The formula has two letters; one variable is shorter. What comes out is no normal number.
let uniform = 1.0 - self.random.f64();
let normal = (-2.0 * uniform.ln()).sqrt() * (TAU * uniform).cos();
self.mean.mul_f64((1.0 + SPREAD * normal).max(0.0))
