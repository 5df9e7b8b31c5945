//! What every request passes through, in order.

use std::sync::Arc;

use axum::middleware::{from_fn, from_fn_with_state};
use tonic::service::Routes;

use crate::observe::Observe;
use crate::shutdown::Shutdown;
use crate::{bytes, deadline, gate, observe, panics, words};

/// `routes` with everything around its handlers: each request is observed, refused once `shutdown`
/// has begun, ended at its deadline, and answered with words that say what to do; a handler that
/// panics answers INTERNAL.
pub fn layers(routes: Routes, observer: Arc<dyn Observe>, shutdown: Shutdown) -> Routes {
    // The first is the innermost. Observing is the outermost, so it sees the code that the client
    // sees, whichever layer chose it.
    routes
        .into_axum_router()
        .layer(from_fn(panics::catch))
        .layer(from_fn(deadline::keep))
        .layer(from_fn(words::mend))
        .layer(from_fn(bytes::count))
        .layer(from_fn_with_state(shutdown, gate::pass))
        .layer(from_fn_with_state(observer, observe::observe))
        .into()
}
