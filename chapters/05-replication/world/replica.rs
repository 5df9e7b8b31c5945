//! A replica of chapter 05 in a simulated fleet.

use world::{Failure, Place, Program, Started, Ways};

use crate::parts::Parts;

pub struct StreamingReplica;

#[tonic::async_trait]
impl Program for StreamingReplica {
    fn ways(&self) -> &'static [Ways] {
        &[Ways::Streams]
    }

    async fn start(&self, place: Place) -> Result<Started, Failure> {
        let parts = Parts::open(place).await?;
        let replicator = parts.replicator.clone();
        let routes = parts.routes(|routes| routes.add_service(replicator.server()));
        let (shutdown, account) = (parts.shutdown.clone(), parts.account());
        let background = Box::pin(parts.run(async move { replicator.run().await }));
        Ok(Started { routes, background, shutdown, account })
    }
}
