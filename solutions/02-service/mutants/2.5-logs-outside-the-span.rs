// mutant of 2.5, part 2: the line is logged outside the span
// It says "ended", and nobody knows what.
let (families, code) = (&self.metrics.0, format!("{code:?}"));
let method = [("method", self.method.into())];
families.in_flight.get_or_create(&method).dec();
families.duration.get_or_create(&method).observe(self.began.elapsed().as_secs_f64());
self.span.record("code", &code);
tracing::info!("ended");
families.requests.get_or_create(&[("method", self.method.into()), ("code", code)]).inc();
