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
use tracing::Span;

pub type Client = KeyValueClient<Channel>;

/// Longer than any test, in paused time too.
const FOR_EVER: Duration = Duration::from_secs(1_000_000);

/// The largest message that the service reads, in bytes.
pub const LIMIT: usize = 1000;

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

pub fn scan(prefix: &str) -> Request<ScanRequest> {
    request(ScanRequest { prefix: prefix.into(), ..ScanRequest::default() })
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
            _ => return Err(Status::invalid_argument("no such scan")),
        };
        Ok(Response::new(answers))
    }

    async fn batch(
        &self,
        request: Request<Streaming<BatchRequest>>,
    ) -> Result<Response<BatchResponse>, Status> {
        let mut writes = request.into_inner();
        let mut written = 0;
        while writes.message().await?.is_some() {
            written += 1;
        }
        Ok(Response::new(BatchResponse { written, ..BatchResponse::default() }))
    }

    async fn session(
        &self,
        request: Request<Streaming<SessionRequest>>,
    ) -> Result<Response<Self::SessionStream>, Status> {
        let answers = request.into_inner().map(|access| {
            access.map(|access| SessionResponse { id: access.id, ..SessionResponse::default() })
        });
        Ok(Response::new(Box::pin(answers)))
    }

    async fn put(&self, _: Request<PutRequest>) -> Result<Response<PutResponse>, Status> {
        Ok(Response::new(PutResponse::default()))
    }

    async fn delete(&self, _: Request<DeleteRequest>) -> Result<Response<DeleteResponse>, Status> {
        Ok(Response::new(DeleteResponse::default()))
    }

    async fn list(&self, _: Request<ListRequest>) -> Result<Response<ListResponse>, Status> {
        Ok(Response::new(ListResponse::default()))
    }

    async fn count(&self, _: Request<CountRequest>) -> Result<Response<CountResponse>, Status> {
        Ok(Response::new(CountResponse::default()))
    }

    async fn status(&self, _: Request<StatusRequest>) -> Result<Response<StatusResponse>, Status> {
        Ok(Response::new(StatusResponse::default()))
    }
}
