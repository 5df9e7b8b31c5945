// mutant of 3.4: the bound never grows
// The failures are not counted, and a peer that is down for an hour is called ten times a second.
if !matches!(code, Code::Unavailable | Code::ResourceExhausted) || !repeatable {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
let wait = bound.mul_f64(self.random.f64());
(now + wait < deadline).then_some(wait)
