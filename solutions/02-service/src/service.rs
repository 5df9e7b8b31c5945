//! The generated trait, implemented with the other files.

use std::sync::Arc;
use std::time::Instant;

use proto::kv::v1::{
    BatchRequest, BatchResponse, CountRequest, CountResponse, DeleteRequest, DeleteResponse, GetRequest,
    GetResponse, ListRequest, ListResponse, PutRequest, PutResponse, ScanRequest, SessionRequest,
    StatusRequest, StatusResponse, status_response::State,
};
use rpc::kv::v1::key_value_server::{KeyValue, KeyValueServer};
use serve::{Memory, Probe, Shutdown};
use store::{Scan, Store};
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};

use crate::access::Access;
use crate::batch::{self, batch};
use crate::request::{entry, namespace};
use crate::scan::{self, ScanStream, scan};
use crate::session::{SessionStream, session};
use crate::{Error, Metrics, page_token};

/// The largest message that is read, in bytes: the largest value, its key, and overhead.
const MAX_MESSAGE: usize = 2 << 20;

const DEFAULT_PAGE: u32 = 100;
const MAX_PAGE: u32 = 1000;

/// The key-value service of one replica. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    access: Access,
    shutdown: Shutdown,
    started: Instant,
}

impl Service {
    /// The service on `store`. It ends its sessions when `shutdown` has begun.
    pub fn new(store: Store, metrics: Metrics, shutdown: Shutdown) -> Self {
        Self { access: Access { store, metrics }, shutdown, started: Instant::now() }
    }

    /// What a server serves: the service, with each request observed, in time, and refused during
    /// shutdown.
    pub fn routes(&self) -> Routes {
        self.routes_with(|routes| routes)
    }

    /// The same, with further services, which `add` puts beside this one.
    pub fn routes_with(&self, add: impl FnOnce(Routes) -> Routes) -> Routes {
        let server = KeyValueServer::new(self.clone()).max_decoding_message_size(MAX_MESSAGE);
        let metrics = Arc::new(self.access.metrics.clone());
        serve::layers(add(Routes::new(server)), metrics, self.shutdown.clone())
    }

    async fn page(&self, request: ListRequest) -> Result<ListResponse, Error> {
        let replica = self.access.store.identity().replica;
        let after = page_token::read(replica, &request)?;
        let limit = match request.page_size {
            0 => DEFAULT_PAGE,
            size @ 1..=MAX_PAGE => size,
            size => return Err(Error::PageSize(size)),
        };
        let options = request.options.unwrap_or_default();
        let scan = Scan {
            namespace: namespace(&request.namespace)?.into(),
            prefix: request.prefix.clone(),
            after,
            limit: limit as usize,
            tombstones: options.tombstones,
        };
        let page = self.access.store.scan(scan).await?;
        let next_page_token = page.next.map(|after| page_token::make(replica, &request, after));
        page.objects.iter().for_each(|(_, object)| self.access.metrics.read(object));
        let entries = page.objects.into_iter().map(|(key, object)| entry(&options, &key, object));
        Ok(ListResponse { entries: entries.collect(), next_page_token: next_page_token.unwrap_or_default() })
    }
}

#[tonic::async_trait]
impl KeyValue for Service {
    async fn get(&self, request: Request<GetRequest>) -> Result<Response<GetResponse>, Status> {
        Ok(Response::new(self.access.get(request.into_inner()).await?))
    }

    async fn put(&self, request: Request<PutRequest>) -> Result<Response<PutResponse>, Status> {
        Ok(Response::new(self.access.put(request.into_inner()).await?))
    }

    async fn delete(&self, request: Request<DeleteRequest>) -> Result<Response<DeleteResponse>, Status> {
        Ok(Response::new(self.access.delete(request.into_inner()).await?))
    }

    async fn list(&self, request: Request<ListRequest>) -> Result<Response<ListResponse>, Status> {
        // A page that was read waits for its turn to be sent, and many are requested at once.
        let _page = Memory::of(request.extensions()).wait_for(scan::MAX_PAGE).await?;
        Ok(Response::new(self.page(request.into_inner()).await?))
    }

    type ScanStream = ScanStream;

    async fn scan(&self, request: Request<ScanRequest>) -> Result<Response<ScanStream>, Status> {
        let Access { store, metrics } = self.access.clone();
        let memory = Memory::of(request.extensions());
        Ok(Response::new(scan(store, metrics, &memory, request.into_inner())?))
    }

    async fn batch(
        &self,
        requests: Request<Streaming<BatchRequest>>,
    ) -> Result<Response<BatchResponse>, Status> {
        let Access { store, metrics } = self.access.clone();
        let _held = Memory::of(requests.extensions()).wait_for(batch::MAX_HELD).await?;
        Ok(Response::new(batch(store, metrics, requests.into_inner()).await?))
    }

    type SessionStream = SessionStream;

    async fn session(
        &self,
        requests: Request<Streaming<SessionRequest>>,
    ) -> Result<Response<SessionStream>, Status> {
        let memory = Memory::of(requests.extensions());
        let (access, shutdown) = (self.access.clone(), self.shutdown.clone());
        Ok(Response::new(session(access, shutdown, &memory, requests.into_inner())))
    }

    async fn count(&self, request: Request<CountRequest>) -> Result<Response<CountResponse>, Status> {
        let request = request.into_inner();
        let namespace = namespace(&request.namespace)?.as_bytes();
        let counts = self.access.store.count(namespace, &request.prefix).await.map_err(Error::from)?;
        Ok(Response::new(CountResponse { counts: Some(counts) }))
    }

    async fn status(&self, _: Request<StatusRequest>) -> Result<Response<StatusResponse>, Status> {
        let store = &self.access.store;
        let state = match store.engine().stopped() {
            Some(_) => State::Stopped,
            None => State::Serving,
        };
        Ok(Response::new(StatusResponse {
            state: state.into(),
            replica: store.identity().replica.0,
            region: store.identity().region.clone(),
            program_version: env!("CARGO_PKG_VERSION").into(),
            uptime_seconds: self.started.elapsed().as_secs(),
            // A stopped engine still has a status: these are left out then.
            counts: store.counts().await.ok(),
            clock: store.clock().await.unwrap_or_default(),
        }))
    }
}

impl Probe for Service {
    fn ready(&self) -> Result<(), String> {
        let store = &self.access.store;
        store.engine().stopped().map_or(Ok(()), |error| Err(error.to_string()))?;
        store.hold().map_or(Ok(()), |hold| Err(hold.to_string()))
    }

    fn metrics(&self) -> std::pin::Pin<Box<dyn Future<Output = String> + Send + '_>> {
        Box::pin(self.access.metrics.page(&self.access.store))
    }
}
