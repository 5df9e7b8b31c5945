// mutant of 6.5: a uniform pause
// Random is random. It has no tails: half of a fleet never waits for longer than the other half's longest.
let normal = 2.0 * self.random.f64() - 1.0;
self.mean.mul_f64(1.0 + SPREAD * normal)
