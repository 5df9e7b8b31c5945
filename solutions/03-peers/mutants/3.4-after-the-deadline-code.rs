// mutant of 3.4: tries again after DEADLINE_EXCEEDED
// It looks like a slow network. It is the caller whose time is over.
if !matches!(code, Code::Unavailable | Code::ResourceExhausted | Code::DeadlineExceeded) || !repeatable {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
self.failures = self.failures.saturating_add(1);
let wait = bound.mul_f64(self.random.f64());
(now + wait < deadline).then_some(wait)
