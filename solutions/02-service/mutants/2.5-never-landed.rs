// mutant of 2.5, part 2: only successes land
// A failed request leaves early by another way, and the gauge climbs for ever.
let (families, name) = (&self.metrics.0, format!("{code:?}"));
let method = [("method", self.method.into())];
if code == Code::Ok {
    families.in_flight.get_or_create(&method).dec();
}
families.duration.get_or_create(&method).observe(self.began.elapsed().as_secs_f64());
self.span.record("code", &name);
self.span.in_scope(|| tracing::info!("ended"));
families.requests.get_or_create(&[("method", self.method.into()), ("code", name)]).inc();
