//! Two replicas that wait for each other.

use std::pin::Pin;

use net::Network;
use proto::replication::v1::{ReplicateRequest, ReplicateResponse};
use rpc::replication::v1::replication_client::ReplicationClient;
use rpc::replication::v1::replication_server::{Replication, ReplicationServer};
use tokio::time::timeout;
use tokio_stream::{Stream, StreamExt};
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};
use transcript::{Ends, Incoming, Outgoing, Recorder};

use crate::support::{ack, answered, asked, ms, progress};

/// Replica 2: sends all that it has to say before it listens.
struct Tangled;

#[tonic::async_trait]
impl Replication for Tangled {
    type ReplicateStream = Pin<Box<dyn Stream<Item = Result<ReplicateResponse, Status>> + Send>>;

    async fn replicate(
        &self,
        request: Request<Streaming<ReplicateRequest>>,
    ) -> Result<Response<Self::ReplicateStream>, Status> {
        let ends = Ends { me: 2, peer: 1, stream: "replication" };
        let (mut outgoing, answers) = Outgoing::new(ends, 1, answered);
        let mut incoming = Incoming::new(ends, request.into_inner(), asked);
        tokio::spawn(async move {
            for n in 1..=1000 {
                if outgoing.send(ack(n)).await.is_err() {
                    return;
                }
            }
            while let Ok(Some(_)) = incoming.next().await {}
        });
        Ok(Response::new(Box::pin(answers.map(Ok))))
    }
}

#[tokio::test(start_paused = true)]
async fn two_that_only_send_wait_for_each_other() {
    check::promise("With both windows full each waits to send, and who waits is said.");
    let recorder = Recorder::install(&[(1, "us"), (2, "de")]);
    let network = Network::with_window(64);
    network.serve(2, Routes::new(ReplicationServer::new(Tangled)));
    network.latency(1, 2, ms(45));
    let ends = Ends { me: 1, peer: 2, stream: "replication" };
    let (mut outgoing, requests) = Outgoing::new(ends, 1, asked);
    let mut client = ReplicationClient::new(network.connect(1, 2).await.unwrap());
    let answers = client.replicate(requests).await.unwrap().into_inner();
    let mut incoming = Incoming::new(ends, answers, answered);
    let mut tangled = Box::pin(async {
        for n in 1..=1000 {
            outgoing.send(progress(n)).await.unwrap();
        }
        incoming.next().await
    });
    let answer = timeout(ms(1000), tangled.as_mut()).await;
    assert!(answer.is_err(), "no answer");
    check::snapshot!("tangle", format!("{}\n\n{}", recorder.waits().join("\n"), recorder.transcript()));
}
