//! A service whose handlers do what the key tells them, and an observer that writes down all it sees.

use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use proto::kv::v1::*;
use rpc::kv::v1::key_value_client::KeyValueClient;
use rpc::kv::v1::key_value_server::{KeyValue, KeyValueServer};
use serve::{Call, Observe, Shutdown};
use tokio::time::sleep;
use tokio_stream::{Stream, StreamExt};
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Code, Request, Response, Status, Streaming};
use tower::ServiceExt;
use tracing::Span;

pub type Client = KeyValueClient<Channel>;

/// An answer whose head has come.
pub type Unread = axum::http::Response<tonic::body::Body>;

/// Longer than any test, in paused time too.
const FOR_EVER: Duration = Duration::from_secs(1_000_000);

/// The largest message that the service reads, in bytes.
pub const LIMIT: usize = 1000;

/// The bytes of an answer that is asked for as "large".
pub const LARGE: usize = 1_000_000;

/// What an observer saw: a line at the beginning and a line at the end of each request.
#[derive(Clone, Default)]
pub struct Seen(Arc<Mutex<Vec<String>>>);

impl Seen {
    pub fn lines(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    /// The lines, once there are `count`.
    pub async fn wait(&self, count: usize) -> Vec<String> {
        for _ in 0..1000 {
            if self.lines().len() >= count {
                break;
            }
            sleep(Duration::from_millis(10)).await;
        }
        self.lines()
    }
}

impl Observe for Seen {
    fn begin(&self, method: &str, request_id: &str) -> Box<dyn Call> {
        self.0.lock().unwrap().push(format!("{method} {request_id} began"));
        Box::new(SeenCall { seen: self.clone(), id: request_id.to_owned() })
    }
}

struct SeenCall {
    seen: Seen,
    id: String,
}

impl Call for SeenCall {
    fn span(&self) -> Span {
        Span::none()
    }

    fn end(self: Box<Self>, code: Code) {
        self.seen.0.lock().unwrap().push(format!("{} {code:?}", self.id));
    }
}

/// The service within its layers.
pub fn routes(seen: &Seen, shutdown: &Shutdown) -> Routes {
    let service = KeyValueServer::new(Service).max_decoding_message_size(LIMIT);
    serve::layers(Routes::new(service), Arc::new(seen.clone()), shutdown.clone())
}

/// A client of the service, over the network in memory.
pub async fn client(seen: &Seen, shutdown: &Shutdown) -> Client {
    Client::new(net::connect(routes(seen, shutdown)).await)
}

/// A request with the id "r".
pub fn request<T>(message: T) -> Request<T> {
    let mut request = Request::new(message);
    request.metadata_mut().insert("x-request-id", "r".parse().unwrap());
    request
}

pub fn get(key: &str) -> Request<GetRequest> {
    request(GetRequest { key: key.into(), ..GetRequest::default() })
}

/// Calls a method with this message, and reads nothing of the answer.
pub async fn ask(channel: &Channel, method: &str, message: impl prost::Message) -> Unread {
    let mut frame = vec![0];
    frame.extend((message.encoded_len() as u32).to_be_bytes());
    frame.extend(message.encode_to_vec());
    let request = axum::http::Request::post(format!("/atoll.kv.v1.KeyValue/{method}"));
    let request = request.header("content-type", "application/grpc").header("te", "trailers");
    let request = request.body(tonic::body::Body::new(axum::body::Body::from(frame)));
    channel.clone().oneshot(request.unwrap()).await.unwrap()
}

pub fn scan(prefix: &str) -> Request<ScanRequest> {
    request(ScanRequest { prefix: prefix.into(), ..ScanRequest::default() })
}

fn large() -> Entry {
    Entry { value: Some(vec![b'x'; LARGE]), ..Entry::default() }
}

struct Service;

type Answers<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>;

#[tonic::async_trait]
impl KeyValue for Service {
    type ScanStream = Answers<ScanResponse>;
    type SessionStream = Answers<SessionResponse>;

    async fn get(&self, request: Request<GetRequest>) -> Result<Response<GetResponse>, Status> {
        match request.get_ref().key.as_slice() {
            b"missing" => return Err(Status::not_found("no such key")),
            b"never" => sleep(FOR_EVER).await,
            b"soon" => sleep(Duration::from_millis(200)).await,
            b"large" => return Ok(Response::new(GetResponse { entry: Some(large()) })),
            b"panic" => panic!("the handler of a test"),
            _ => {}
        }
        Ok(Response::new(GetResponse::default()))
    }

    async fn scan(&self, request: Request<ScanRequest>) -> Result<Response<Self::ScanStream>, Status> {
        let prefix = request.into_inner().prefix;
        let one = tokio_stream::once(Ok(ScanResponse::default()));
        let many = tokio_stream::iter(0..10).then(|_| async {
            sleep(Duration::from_millis(100)).await;
            Ok(ScanResponse::default())
        });
        let answers: Self::ScanStream = match prefix.as_slice() {
            b"one" => Box::pin(one),
            b"error" => Box::pin(one.chain(tokio_stream::once(Err(Status::data_loss("a damaged record"))))),
            b"panic" => Box::pin(one.chain(many.map(|_| panic!("the stream of a test")))),
            b"never" => Box::pin(one.chain(tokio_stream::pending())),
            b"many" => Box::pin(many),
            b"large" => {
                Box::pin(tokio_stream::iter(0..10).map(|_| Ok(ScanResponse { entry: Some(large()) })))
            }
            _ => return Err(Status::invalid_argument("no such scan")),
        };
        Ok(Response::new(answers))
    }

    async fn batch(
        &self,
        request: Request<Streaming<BatchRequest>>,
    ) -> Result<Response<BatchResponse>, Status> {
        let mut writes = request.into_inner();
        let mut answer = BatchResponse::default();
        while let Some(BatchRequest { id, write }) = writes.message().await? {
            answer.written += 1;
            if let Some(batch_request::Write::Put(put)) = write
                && put.key == b"large"
            {
                let refusal = Refusal { message: "x".repeat(LARGE), ..Refusal::default() };
                let outcome = Some(batch_result::Outcome::Refusal(refusal));
                answer.results.push(BatchResult { id, outcome });
            }
        }
        Ok(Response::new(answer))
    }

    async fn session(
        &self,
        request: Request<Streaming<SessionRequest>>,
    ) -> Result<Response<Self::SessionStream>, Status> {
        let answers = request.into_inner().map(|access| {
            access.map(|SessionRequest { id, access }| {
                let is_large =
                    matches!(access, Some(session_request::Access::Get(get)) if get.key == b"large");
                let get = is_large.then(|| GetResponse { entry: Some(large()) });
                SessionResponse { id, answer: get.map(session_response::Answer::Get) }
            })
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn put(&self, _: Request<PutRequest>) -> Result<Response<PutResponse>, Status> {
        Ok(Response::new(PutResponse::default()))
    }

    async fn delete(&self, _: Request<DeleteRequest>) -> Result<Response<DeleteResponse>, Status> {
        Ok(Response::new(DeleteResponse::default()))
    }

    async fn list(&self, request: Request<ListRequest>) -> Result<Response<ListResponse>, Status> {
        let entry = Entry { value: Some(vec![b'x'; LARGE / 1000]), ..Entry::default() };
        let entries = if request.get_ref().prefix == b"large" { vec![entry; 1000] } else { Vec::new() };
        Ok(Response::new(ListResponse { entries, ..ListResponse::default() }))
    }

    async fn count(&self, _: Request<CountRequest>) -> Result<Response<CountResponse>, Status> {
        Ok(Response::new(CountResponse::default()))
    }

    async fn status(&self, _: Request<StatusRequest>) -> Result<Response<StatusResponse>, Status> {
        Ok(Response::new(StatusResponse::default()))
    }
}
