//! What a handler and its stream log stands within the span of the request.
//!
//! The test is alone in its process: tracing remembers for the whole process which events nobody
//! listens to, and another test's silence could become this one's.

use std::io;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::routing::post;
use serve::{Call, Observe, Shutdown};
use tokio_stream::StreamExt;
use tonic::Code;
use tower::ServiceExt;
use tracing::Span;

struct Spans;

impl Observe for Spans {
    fn begin(&self, method: &str, request_id: &str) -> Box<dyn Call> {
        Box::new(InSpan(tracing::info_span!("request", method, request_id)))
    }
}

struct InSpan(Span);

impl Call for InSpan {
    fn span(&self) -> Span {
        self.0.clone()
    }

    fn end(self: Box<Self>, _: Code) {}
}

async fn scan() -> Body {
    tracing::info!("handler");
    Body::from_stream(tokio_stream::iter(["entry"]).map(|entry| {
        tracing::info!("stream");
        Ok::<_, io::Error>(entry)
    }))
}

#[tokio::test]
async fn the_handler_and_its_stream_run_within_the_span() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let routes = Router::new().route("/kv/Scan", post(scan)).into();
    let routes = serve::layers(routes, Arc::new(Spans), Shutdown::new()).into_axum_router();
    let request = Request::post("/kv/Scan").header("x-request-id", "r").body(Body::empty()).unwrap();
    let Ok(response) = routes.oneshot(request).await;
    assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), "entry");

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for event in ["handler", "stream"] {
        let line = log.lines().find(|line| line.ends_with(event)).expect("the event is logged");
        assert!(line.contains(r#"request{method="kv/Scan" request_id="r"}"#), "{line}");
    }
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().map_err(|_| io::Error::other("a writer panicked"))?;
        log.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
