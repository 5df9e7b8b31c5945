//! The pages over plain HTTP: for Prometheus, and for Kubernetes' probes.

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::get;

use crate::formats;
use crate::process::Process;
use crate::shutdown::Shutdown;

/// What a service tells of itself.
pub trait Probe: Send + Sync + 'static {
    /// Whether the service can do its work now, or the reason why not.
    fn ready(&self) -> Result<(), String>;

    /// The metrics, as OpenMetrics text.
    fn metrics(&self) -> Pin<Box<dyn Future<Output = String> + Send + '_>>;
}

/// What readiness depends on.
#[derive(Clone)]
pub(crate) struct Readiness {
    pub(crate) probe: Arc<dyn Probe>,
    pub(crate) shutdown: Shutdown,
}

impl Readiness {
    /// Whether new requests are welcome, or the reason why not.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.shutdown.has_begun() {
            return Err("shutting down".to_owned());
        }
        self.probe.ready()
    }
}

pub(crate) fn pages(readiness: Readiness, process: Process) -> Router {
    Router::new()
        .route("/metrics", get(metrics).with_state((readiness.clone(), process)))
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(readyz))
        .fallback(async || {
            (StatusCode::NOT_FOUND, "no such page; there are /metrics, /healthz and /readyz\n")
        })
        .with_state(readiness)
}

async fn metrics(
    State((readiness, process)): State<(Readiness, Process)>,
    headers: HeaderMap,
) -> impl IntoResponse {
    let mut page = readiness.probe.metrics().await;
    process.add_to(&mut page);
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    match formats::wants_text(accept) {
        true => ([(CONTENT_TYPE, formats::TEXT)], formats::to_text(&page)),
        false => ([(CONTENT_TYPE, formats::OPEN_METRICS)], page),
    }
}

async fn readyz(State(readiness): State<Readiness>) -> impl IntoResponse {
    match readiness.check() {
        Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")),
    }
}
