//! In the place of a replica: one that takes a stream, and does nothing with it.

use std::pin::Pin;

use proto::replication::v1::{ReplicateRequest, ReplicateResponse};
use rpc::replication::v1::replication_server::{Replication, ReplicationServer};
use tokio_stream::{Stream, StreamExt};
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};

use super::messages::{ack, resume};

/// What it does once it has given credit.
#[derive(Clone, Copy)]
pub enum Then {
    /// It reads nothing, and says nothing any more.
    SaysNothing,
    /// It ends the stream in good order.
    Ends,
    /// It acknowledges all up to this sequence number, whatever it got.
    Acknowledges(u64),
}

pub fn fake(then: Then) -> Routes {
    Routes::new(ReplicationServer::new(Fake(then)))
}

struct Fake(Then);

#[tonic::async_trait]
impl Replication for Fake {
    type ReplicateStream = Pin<Box<dyn Stream<Item = Result<ReplicateResponse, Status>> + Send>>;

    async fn replicate(
        &self,
        requests: Request<Streaming<ReplicateRequest>>,
    ) -> Result<Response<Self::ReplicateStream>, Status> {
        // Who has the first write has all that replica 1 wrote when it was introduced.
        let after = match self.0 {
            Then::Ends => 1,
            Then::SaysNothing | Then::Acknowledges(_) => 0,
        };
        let first = tokio_stream::once(Ok(resume(after, replication::CREDIT)));
        Ok(Response::new(match self.0 {
            Then::Ends => Box::pin(first),
            Then::Acknowledges(sequence) => {
                let then = tokio_stream::once(Ok(ack(sequence, 1))).chain(tokio_stream::pending());
                Box::pin(first.chain(then))
            }
            Then::SaysNothing => Box::pin(first.chain(tokio_stream::pending().map(move |never| {
                // The stream of requests is kept, and never read.
                let _ = &requests;
                never
            }))),
        }))
    }
}
