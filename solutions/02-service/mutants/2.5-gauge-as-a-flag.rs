// mutant of 2.5, part 2: the gauge as a flag
// Set when one begins, cleared when one ends: right until two run at a time.
let (families, name) = (&self.metrics.0, format!("{code:?}"));
let method = [("method", self.method.into())];
families.in_flight.get_or_create(&method).set(0);
families.duration.get_or_create(&method).observe(self.began.elapsed().as_secs_f64());
self.span.record("code", &name);
self.span.in_scope(|| tracing::info!("ended"));
families.requests.get_or_create(&[("method", self.method.into()), ("code", name)]).inc();
