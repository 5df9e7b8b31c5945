// mutant of 3.4: shortens the last wait
// A last try at the very moment of the deadline cannot succeed, and all who were waiting make it together.
if !matches!(code, Code::Unavailable | Code::ResourceExhausted) || !repeatable {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
self.failures = self.failures.saturating_add(1);
let wait = bound.mul_f64(self.random.f64());
(now < deadline).then(|| wait.min(deadline - now))
