// mutant of 2.5, part 2: every request counts as a success
// The handler ran and returned; that it returned an error stands in the trailers.
let families = &self.metrics.0;
let method = [("method", self.method.into())];
families.in_flight.get_or_create(&method).dec();
families.duration.get_or_create(&method).observe(self.began.elapsed().as_secs_f64());
self.span.record("code", "Ok");
self.span.in_scope(|| tracing::info!("ended"));
families.requests.get_or_create(&[("method", self.method.into()), ("code", "Ok".into())]).inc();
