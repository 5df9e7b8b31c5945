//! The server: the page, the state, the events, and the only entry for commands.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use tokio::net::TcpListener;

use crate::command::Command;
use crate::demo::Demo;
use crate::page::page;
use crate::stream;

/// The most bytes of a command.
const BODY: usize = 4096;

/// The page may hold what is in it, and talk to whence it came.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
                      img-src data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Serves until the task is dropped.
///
/// # Errors
/// If the listener fails.
pub async fn serve(listener: TcpListener, demo: Demo) -> std::io::Result<()> {
    let hosts = Arc::new(hosts(listener.local_addr()?));
    let page: Arc<str> = page().into();
    let routes = Router::new()
        .route("/", get(move || async move { ([(CONTENT_SECURITY_POLICY, POLICY)], Html(page.to_string())) }))
        .route("/state", get(state))
        .route("/history", get(history))
        .route("/events", get(stream::events))
        .route("/do", post(act))
        .fallback(async || (StatusCode::NOT_FOUND, "there are /, /state, /history, /events, and POST /do\n"))
        .layer(DefaultBodyLimit::max(BODY))
        .layer(from_fn_with_state(hosts, only_from_here))
        .with_state(demo);
    axum::serve(listener, routes).await
}

/// The names under which a browser on this machine finds the server.
fn hosts(address: SocketAddr) -> [String; 2] {
    [address.to_string(), format!("localhost:{}", address.port())]
}

/// A name that leads to this machine is not enough, and neither is a browser on it: a page from elsewhere may
/// use both. Whoever asks has to know where, and a page that asks for something to be done has to be ours.
async fn only_from_here(State(hosts): State<Arc<[String; 2]>>, request: Request, next: Next) -> Response {
    let here = &hosts[0];
    let headers = request.headers();
    if !header(headers, HOST).is_some_and(|host| hosts.iter().any(|known| known == host)) {
        return (StatusCode::FORBIDDEN, format!("this server is only for http://{here}\n")).into_response();
    }
    let ours = |origin: &str| hosts.iter().any(|host| origin.strip_prefix("http://") == Some(host));
    let foreign = headers.contains_key(ORIGIN) && !header(headers, ORIGIN).is_some_and(ours);
    if request.method() == Method::POST && foreign {
        return (StatusCode::FORBIDDEN, "a page from elsewhere may not do anything here\n").into_response();
    }
    next.run(request).await
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

async fn state(State(demo): State<Demo>) -> impl IntoResponse {
    Json(demo.feed().state())
}

async fn history(State(demo): State<Demo>) -> Response {
    match demo.feed().history().json(demo.feed().now()) {
        Ok(json) => ([(CONTENT_TYPE, "application/json")], json).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, format!("{error}\n")).into_response(),
    }
}

async fn act(State(demo): State<Demo>, body: String) -> (StatusCode, String) {
    let (status, text) = match body.trim().parse::<Command>() {
        Err(unclear) => (StatusCode::BAD_REQUEST, unclear.to_string()),
        Ok(command) => match demo.act(command).await {
            Ok(done) => (StatusCode::OK, done),
            Err(refused) => (StatusCode::CONFLICT, refused.to_string()),
        },
    };
    (status, format!("{text}\n"))
}
