// mutant of 3.4: no cap
// After ten failures the next try is in minutes, and after twenty in days.
if !matches!(code, Code::Unavailable | Code::ResourceExhausted) || !repeatable {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures.min(20)));
self.failures = self.failures.saturating_add(1);
let wait = bound.mul_f64(self.random.f64());
(now + wait < deadline).then_some(wait)
