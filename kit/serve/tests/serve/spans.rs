//! What a handler and its stream log stands within the span of the request.

use std::sync::{Arc, Mutex};

use proto::kv::v1::key_value_server::KeyValueServer;
use serve::{Call, Observe, Shutdown};
use tonic::Code;
use tonic::service::Routes;
use tracing::Span;

use crate::service::{Client, Service, scan};

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

#[tokio::test(start_paused = true)]
async fn the_handler_and_its_stream_run_within_the_span() {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .without_time()
        .with_writer(move || Writer(writer.clone()))
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let routes = Routes::new(KeyValueServer::new(Service));
    let routes = serve::layers(routes, Arc::new(Spans), Shutdown::new());
    let mut client = Client::new(net::connect(routes).await);
    let mut answers = client.scan(scan("many")).await.unwrap().into_inner();
    while answers.message().await.unwrap().is_some() {}
    let lines = String::from_utf8(lines.lock().unwrap().clone()).unwrap();
    let span = "request{method=\"atoll.kv.v1.KeyValue/Scan\" request_id=\"r\"}";
    for event in ["scan begun", "entry read"] {
        let line = lines.lines().find(|line| line.contains(event)).expect("the event is logged");
        assert!(line.contains(span), "{line}");
    }
}

struct Writer(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
