// mutant of 3.4: no jitter
// Whoever failed together comes back together, and fails together.
if !matches!(code, Code::Unavailable | Code::ResourceExhausted) || !repeatable {
    return None;
}
let bound = self.base.saturating_mul(2_u32.saturating_pow(self.failures)).min(self.cap);
self.failures = self.failures.saturating_add(1);
let wait = bound;
(now + wait < deadline).then_some(wait)
