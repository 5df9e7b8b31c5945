// mutant of 2.5, part 2: the duration in whole seconds
// The unit in the name is the second. Nearly all requests take less than one.
let (families, code) = (&self.metrics.0, format!("{code:?}"));
let method = [("method", self.method.into())];
families.in_flight.get_or_create(&method).dec();
families.duration.get_or_create(&method).observe(self.began.elapsed().as_secs() as f64);
self.span.record("code", &code);
self.span.in_scope(|| tracing::info!("ended"));
families.requests.get_or_create(&[("method", self.method.into()), ("code", code)]).inc();
