//! The standard gRPC health service. It asks the probe at each check, so no task has to keep a
//! status up to date and none is ever stale.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::time::Duration;

use prost::Message;
use prost_types::FileDescriptorSet;
use tokio_stream::wrappers::IntervalStream;
use tokio_stream::{Stream, StreamExt};
use tonic::{Request, Response, Status};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_server::Health;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use crate::error::Error;
use crate::pages::Readiness;

/// How often a watch looks for a change: often enough to tell of the shutdown before the connection
/// is closed.
const WATCH_EVERY: Duration = Duration::from_millis(200);

#[derive(Clone)]
pub(crate) struct HealthService {
    readiness: Readiness,
    /// The services of this server; they are all as ready as the server.
    names: BTreeSet<String>,
}

impl HealthService {
    pub(crate) fn new(readiness: Readiness, descriptors: &[u8]) -> Result<Self, Error> {
        let set =
            FileDescriptorSet::decode(descriptors).map_err(|error| Error::Descriptors(error.to_string()))?;
        let names = set.file.iter().flat_map(|file| {
            file.service.iter().map(|service| format!("{}.{}", file.package(), service.name()))
        });
        Ok(Self { readiness, names: names.collect() })
    }

    /// The status of the service `name`; the server as a whole has the empty name.
    fn status(&self, name: &str) -> ServingStatus {
        if !name.is_empty() && !self.names.contains(name) {
            return ServingStatus::ServiceUnknown;
        }
        match self.readiness.check() {
            Ok(()) => ServingStatus::Serving,
            Err(_) => ServingStatus::NotServing,
        }
    }
}

#[tonic::async_trait]
impl Health for HealthService {
    type WatchStream = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let name = request.into_inner().service;
        match self.status(&name) {
            ServingStatus::ServiceUnknown => Err(Status::not_found(format!(
                "this replica has no service {name:?}; leave the name empty to ask for the whole replica"
            ))),
            status => Ok(Response::new(HealthCheckResponse { status: status.into() })),
        }
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let health = self.clone();
        let name = request.into_inner().service;
        let shutdown = health.readiness.shutdown.clone();
        // A watch ends with the shutdown, once it has told of it: it would hold its connection open.
        let mut last = None;
        let changes = IntervalStream::new(tokio::time::interval(WATCH_EVERY))
            .take_while(move |_| !shutdown.has_begun())
            .map(|_| ())
            .chain(tokio_stream::once(()))
            .map(move |()| health.status(&name))
            .filter(move |status| last.replace(*status) != Some(*status))
            .map(|status| Ok(HealthCheckResponse { status: status.into() }));
        Ok(Response::new(Box::pin(changes)))
    }
}
