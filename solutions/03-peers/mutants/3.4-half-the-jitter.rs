// mutant of 3.4: half of the wait is fixed
// "Equal jitter". The crowd leaves the first half of the time unused, and comes in the second.
if !matches!(code, Code::Unavailable | Code::ResourceExhausted) || !repeatable {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
self.failures = self.failures.saturating_add(1);
let wait = bound.mul_f64(0.5 + 0.5 * self.random.f64());
(now + wait < deadline).then_some(wait)
