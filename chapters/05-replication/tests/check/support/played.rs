//! A replica played by the test: it says what no replica would.

use proto::replication::v1::replicate_request::Message as Request;
use proto::replication::v1::replicate_response::Message;
use proto::replication::v1::{Begin, ReplicateRequest, ReplicateResponse};
use replication::response;
use rpc::replication::v1::replication_client::ReplicationClient;
use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::Channel;
use tonic::{Status, Streaming};

use super::fleet::{MS, Node};
use super::messages::{begin, request};
use super::show_status;

/// A stream of replica 1, played by the test, to a node.
pub struct Played {
    requests: Option<mpsc::Sender<ReplicateRequest>>,
    responses: Streaming<ReplicateResponse>,
}

impl Played {
    /// Opens it, and says that the clock stands at `clock`.
    pub async fn open(node: &Node, network: &net::Network, clock: u64) -> Result<Self, Status> {
        Self::over(&mut node.client(network, 1).await, begin(0, clock)).await
    }

    /// The same over a connection that there is, with another first message.
    pub async fn over(client: &mut ReplicationClient<Channel>, begin: Begin) -> Result<Self, Status> {
        let (sender, requests) = mpsc::channel(1);
        sender.send(request(Request::Begin(begin))).await.unwrap();
        let responses = client.replicate(ReceiverStream::new(requests)).await?.into_inner();
        Ok(Self { requests: Some(sender), responses })
    }

    /// Whether the message went out within a second.
    pub async fn says(&self, message: ReplicateRequest) -> bool {
        let Some(requests) = &self.requests else { return false };
        matches!(timeout(MS * 1000, requests.send(message)).await, Ok(Ok(())))
    }

    /// Ends its half of the stream in good order.
    pub fn ends(&mut self) {
        self.requests = None;
    }

    /// What it hears until the stream ends or a second is silent. How many acknowledgements there are is
    /// up to the other end: they are summed up.
    pub async fn hears(&mut self) -> String {
        let (mut story, mut acknowledged) = (String::new(), None);
        let end = loop {
            match timeout(MS * 1000, self.responses.message()).await {
                Ok(Ok(Some(ReplicateResponse { message: Some(Message::Ack(ack)) }))) => {
                    let (_, credit) = acknowledged.unwrap_or((0, 0));
                    acknowledged = Some((ack.sequence, credit + ack.credit));
                }
                Ok(Ok(Some(message))) => story += &format!("  {}\n", response(&message)),
                Ok(Ok(None)) => break "the end".into(),
                Ok(Err(status)) => break show_status(&status),
                Err(_) => break "silence".into(),
            }
        };
        if let Some((sequence, credit)) = acknowledged {
            story += &format!("  ack up to {sequence}, credit {credit} in all\n");
        }
        story + "  " + &end + "\n"
    }
}
