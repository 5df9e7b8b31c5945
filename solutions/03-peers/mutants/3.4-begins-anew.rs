// mutant of 3.4: the counter begins anew after 64 failures
// 2^64 fits no integer. A counter that begins anew is as good as one that stands, until all clients come back at once.
let passes = matches!(code, Code::Unavailable | Code::ResourceExhausted);
if !passes || !repeatable {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
self.failures = (self.failures + 1) % 64;
let wait = bound.mul_f64(self.random.f64());
(now + wait < deadline).then_some(wait)
