// mutant of 6.5: whole seconds
// Who would notice half a second in a minute? With a mean below a second there is no pause at all.
let (first, second) = (1.0 - self.random.f64(), self.random.f64());
let normal = (-2.0 * first.ln()).sqrt() * (TAU * second).cos();
let seconds = self.mean.as_secs_f64() * (1.0 + SPREAD * normal);
Duration::from_secs(seconds.max(0.0) as u64)
