// mutant of 3.4: a try at the deadline is allowed
// It is over before it begins.
if !matches!(code, Code::Unavailable | Code::ResourceExhausted) || !repeatable {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
self.failures = self.failures.saturating_add(1);
let wait = bound.mul_f64(self.random.f64());
(now + wait <= deadline).then_some(wait)
