// mutant of 3.4: repeats what is not repeatable
// UNAVAILABLE sounds as if nothing had been done. The connection may have broken on the way back.
let _ = repeatable;
if !matches!(code, Code::Unavailable | Code::ResourceExhausted) {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
self.failures = self.failures.saturating_add(1);
let wait = bound.mul_f64(self.random.f64());
(now + wait < deadline).then_some(wait)
