//! Transcripts of tests: two halves over a network in memory.

use std::pin::Pin;
use std::time::Duration;

use net::Network;
use proto::replication::v1::{ReplicateRequest, ReplicateResponse, replicate_request};
use rpc::replication::v1::replication_client::ReplicationClient;
use rpc::replication::v1::replication_server::{Replication, ReplicationServer};
use tokio::time::{sleep, timeout};
use tokio_stream::{Stream, StreamExt};
use tonic::service::Routes;
use tonic::{Request, Response, Status, Streaming};
use transcript::{Ends, Incoming, Outgoing, Recorder};

use crate::support::{ack, answered, asked, ms, progress};

/// Replica 2: acknowledges each progress, on a task of its own.
struct Acknowledges {
    after: Duration,
}

#[tonic::async_trait]
impl Replication for Acknowledges {
    type ReplicateStream = Pin<Box<dyn Stream<Item = Result<ReplicateResponse, Status>> + Send>>;

    async fn replicate(
        &self,
        request: Request<Streaming<ReplicateRequest>>,
    ) -> Result<Response<Self::ReplicateStream>, Status> {
        let ends = Ends { me: 2, peer: 1, stream: "replication" };
        let (mut outgoing, answers) = Outgoing::new(ends, 1, answered);
        let mut incoming = Incoming::new(ends, request.into_inner(), asked);
        let after = self.after;
        tokio::spawn(async move {
            while let Ok(Some(message)) = incoming.next().await {
                let Some(replicate_request::Message::Progress(progress)) = message.message else { break };
                sleep(after).await;
                if outgoing.send(ack(progress.sequence)).await.is_err() {
                    break;
                }
            }
        });
        Ok(Response::new(Box::pin(answers.map(Ok))))
    }
}

type Halves = (Outgoing<ReplicateRequest>, Incoming<ReplicateResponse>);

async fn open(network: &Network) -> Halves {
    let ends = Ends { me: 1, peer: 2, stream: "replication" };
    let channel = network.connect(1, 2).await.unwrap();
    let (outgoing, requests) = Outgoing::new(ends, 1, asked);
    let answers = ReplicationClient::new(channel).replicate(requests).await.unwrap();
    (outgoing, Incoming::new(ends, answers.into_inner(), answered))
}

fn network(after: Duration) -> Network {
    let network = Network::new();
    network.serve(2, Routes::new(ReplicationServer::new(Acknowledges { after })));
    network
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_breaks_and_begins_again() {
    check::promise(
        "Times are exact, what was on its way at a reset is lost, and the next stream begins anew.",
    );
    let recorder = Recorder::install(&[(1, "us"), (2, "de")]);
    let network = network(ms(0));
    network.latency(1, 2, ms(45));
    let (mut outgoing, mut incoming) = open(&network).await;
    outgoing.send(progress(1)).await.unwrap();
    incoming.next().await.unwrap().unwrap();
    outgoing.send(progress(2)).await.unwrap();
    sleep(ms(60)).await;
    outgoing.send(progress(3)).await.unwrap();
    sleep(ms(10)).await;
    recorder.note(1, "the connection is reset");
    network.reset(1, 2);
    assert!(incoming.next().await.is_err());
    let (mut outgoing, mut incoming) = open(&network).await;
    outgoing.send(progress(1)).await.unwrap();
    incoming.next().await.unwrap().unwrap();
    outgoing.send(progress(2)).await.unwrap();
    sleep(ms(5)).await;
    check::snapshot!("broken_stream", recorder.transcript());
    drop(outgoing);
    incoming.next().await.unwrap().unwrap();
    assert!(incoming.next().await.unwrap().is_none(), "the stream ends in good order");
    drop(incoming);
    check::snapshot!("ended_stream", recorder.transcript().last(4));
}

#[tokio::test(start_paused = true)]
async fn who_waits() {
    check::promise("Who waits for whom is told while it waits, and not for longer.");
    let recorder = Recorder::install(&[(1, "us"), (2, "de")]);
    let (mut outgoing, receiver) = Outgoing::new(Ends { me: 1, peer: 2, stream: "replication" }, 1, asked);
    outgoing.send(progress(1)).await.unwrap();
    {
        let mut waits = Box::pin(outgoing.send(progress(2)));
        assert!(timeout(ms(5), waits.as_mut()).await.is_err());
        assert_eq!(recorder.waits(), ["replica 1 waits to send progress 2 to replica 2"]);
    }
    assert!(recorder.waits().is_empty(), "the future was dropped: {:?}", recorder.waits());
    drop(receiver);
    assert_eq!(
        outgoing.send(progress(2)).await.unwrap_err().to_string(),
        "the replication stream to replica 2 has ended: open another one"
    );

    let network = network(ms(100));
    let (mut outgoing, mut incoming) = open(&network).await;
    outgoing.send(progress(1)).await.unwrap();
    let mut next = Box::pin(incoming.next());
    assert!(timeout(ms(50), next.as_mut()).await.is_err());
    assert_eq!(recorder.waits(), ["replica 1 waits to receive from replica 2"]);
    next.await.unwrap();
    sleep(ms(1)).await;
    assert_eq!(recorder.waits(), ["replica 2 waits to receive from replica 1"]);
}
