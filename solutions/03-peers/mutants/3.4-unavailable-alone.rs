// mutant of 3.4: tries again only after UNAVAILABLE
// A peer that has too much to do asks for exactly that: later.
if code != Code::Unavailable || !repeatable {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
self.failures = self.failures.saturating_add(1);
let wait = bound.mul_f64(self.random.f64());
(now + wait < deadline).then_some(wait)
