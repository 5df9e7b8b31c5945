//! The pages over plain HTTP: for Prometheus, and for Kubernetes' probes.

use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;
use axum::routing::get;

use crate::shutdown::Shutdown;

/// The content type of OpenMetrics, the format of `prometheus-client`.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What a service tells of itself.
pub trait Probe: Send + Sync + 'static {
    /// Whether the service can do its work now, else the reason why not.
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
    /// Whether new requests are welcome, else the reason why not.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.shutdown.has_begun() {
            return Err("shutting down".to_owned());
        }
        self.probe.ready()
    }
}

pub(crate) fn pages(readiness: Readiness) -> Router {
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(readyz))
        .fallback(async || {
            (StatusCode::NOT_FOUND, "no such page; there are /metrics, /healthz and /readyz\n")
        })
        .with_state(readiness)
}

async fn metrics(State(readiness): State<Readiness>) -> impl IntoResponse {
    ([(CONTENT_TYPE, OPEN_METRICS)], readiness.probe.metrics().await)
}

async fn readyz(State(readiness): State<Readiness>) -> impl IntoResponse {
    match readiness.check() {
        Ok(()) => (StatusCode::OK, "ready\n".to_owned()),
        Err(reason) => (StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")),
    }
}
