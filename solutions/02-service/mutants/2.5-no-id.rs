// mutant of 2.5: a span without the request's id
// The method seems to say enough, until two requests of one method run at a time.
self.0.in_flight.get_or_create(&[("method", method.into())]).inc();
let span = tracing::info_span!("request", method, code = tracing::field::Empty);
Box::new(Request { metrics: self.clone(), method, span, began: Instant::now() })
