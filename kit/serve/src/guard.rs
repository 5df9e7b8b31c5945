//! The guard: whether a caller may call a method, asked before the handler is.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use tonic::Status;
use tonic::service::Routes;

use crate::caller::Caller;
use crate::seldom::Seldom;
use crate::status;

/// Whether a caller may call the method with a path such as `atoll.kv.v1.KeyValue/Get`, and what it is
/// refused with. The path is as the caller wrote it: it may name no method at all.
pub type Rule = fn(&Caller, &str) -> Result<(), Status>;

/// The most characters of a path in a log line.
const SHOWN: usize = 100;

/// `routes`, each call of which `rule` allows.
pub fn guard(routes: Routes, rule: Rule) -> Routes {
    let guard = Arc::new(Guard { rule, lines: Seldom::default() });
    routes.into_axum_router().layer(from_fn_with_state(guard, pass)).into()
}

struct Guard {
    rule: Rule,
    lines: Seldom,
}

async fn pass(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let caller = Caller::of(request.extensions());
    let method = request.uri().path().trim_start_matches('/');
    let Err(refusal) = (guard.rule)(&caller, method) else {
        return next.run(request).await;
    };
    if let Some(kept_back) = guard.lines.turn() {
        let peer = request.extensions().get::<SocketAddr>().map(tracing::field::display);
        let method: String = method.chars().take(SHOWN).collect();
        tracing::warn!(peer, method, reason = refusal.message(), kept_back, "a call was refused");
    }
    status::answer(refusal)
}
