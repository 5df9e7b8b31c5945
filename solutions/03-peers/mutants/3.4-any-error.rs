// mutant of 3.4: tries again after any error
// An invalid request is sent again and again, and is as invalid as before.
if code == Code::Ok || !repeatable {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
self.failures = self.failures.saturating_add(1);
let wait = bound.mul_f64(self.random.f64());
(now + wait < deadline).then_some(wait)
