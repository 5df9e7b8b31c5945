// mutant of 3.4: counts before the first wait
// The bound of the first wait is twice what it should be.
if !matches!(code, Code::Unavailable | Code::ResourceExhausted) || !repeatable {
    return None;
}
self.failures = self.failures.saturating_add(1);
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
let wait = bound.mul_f64(self.random.f64());
(now + wait < deadline).then_some(wait)
