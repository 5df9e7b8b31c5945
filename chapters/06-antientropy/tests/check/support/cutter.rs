//! A middleman that lets so many messages of a session pass, and then breaks it off at both ends.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use antientropy::{Side, describe};
use net::Network;
use proto::antientropy::v1::{RunSessionRequest, RunSessionResponse, SyncMessage};
use rpc::antientropy::v1::anti_entropy_client::AntiEntropyClient;
use rpc::antientropy::v1::anti_entropy_server::{AntiEntropy, AntiEntropyServer};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Request, Response, Status, Streaming};

/// Stands where replica 2 is dialed.
#[derive(Clone)]
pub struct Cutter {
    remote: AntiEntropyClient<Channel>,
    cut: Arc<Mutex<Cut>>,
}

#[derive(Default)]
struct Cut {
    /// Whose messages are counted, and how many of them pass.
    after: Option<(Side, usize)>,
    /// The message that was lost.
    lost: Option<String>,
}

impl Cutter {
    /// Between replica 1 and replica 2, which is served again as replica 20.
    pub async fn between(network: &Network, remote: Routes) -> Self {
        network.serve(20, remote);
        let channel = network.connect(2, 20).await.unwrap();
        let cutter = Self { remote: AntiEntropyClient::new(channel), cut: Arc::default() };
        network.serve(2, Routes::new(AntiEntropyServer::new(cutter.clone())));
        cutter
    }

    /// From now on so many messages of that side pass.
    pub fn cut(&self, side: Side, messages: usize) {
        *self.cut.lock().unwrap() = Cut { after: Some((side, messages)), lost: None };
    }

    /// Everything passes again. Returns what was lost, if anything was.
    pub fn heal(&self) -> Option<String> {
        std::mem::take(&mut *self.cut.lock().unwrap()).lost
    }

    /// Whether the message of that side passes.
    fn passes(&self, side: Side, message: Option<&SyncMessage>) -> bool {
        let mut cut = self.cut.lock().unwrap();
        match &mut cut.after {
            Some((cut_side, left)) if *cut_side == side && *left == 0 => {
                cut.lost = Some(message.map_or("the end".into(), describe));
                false
            }
            Some((cut_side, left)) if *cut_side == side => {
                *left -= 1;
                true
            }
            _ => true,
        }
    }

    async fn run(
        mut self,
        mut initiator: Streaming<SyncMessage>,
        answers: mpsc::Sender<Result<SyncMessage, Status>>,
    ) -> Result<(), Status> {
        let lost = || Status::unavailable("the connection was cut");
        let first = initiator.message().await?;
        let (sender, receiver) = mpsc::channel(1_000);
        // The end, too, is a message: it must be held back until the call is broken off.
        let mut to_remote = Some(sender.clone());
        if !self.passes(Side::Initiator, first.as_ref()) {
            return Err(lost());
        }
        if let Some(first) = first {
            let _ = sender.send(first).await;
        }
        drop(sender);
        let mut remote = self.remote.synchronize(ReceiverStream::new(receiver)).await?.into_inner();
        loop {
            tokio::select! {
                message = initiator.message(), if to_remote.is_some() => {
                    let message = message?;
                    if !self.passes(Side::Initiator, message.as_ref()) {
                        break;
                    }
                    match (message, &to_remote) {
                        (Some(message), Some(sender)) => drop(sender.send(message).await),
                        _ => to_remote = None,
                    }
                }
                message = remote.message() => {
                    let message = message?;
                    if !self.passes(Side::Remote, message.as_ref()) {
                        break;
                    }
                    match message {
                        Some(message) => drop(answers.send(Ok(message)).await),
                        None => return Ok(()),
                    }
                }
            }
        }
        // First the call is reset, and only then the half that sends is dropped: the other way round the
        // remote would see an end in good order.
        drop(remote);
        tokio::time::sleep(Duration::from_millis(100)).await;
        Err(lost())
    }
}

#[tonic::async_trait]
impl AntiEntropy for Cutter {
    type SynchronizeStream = ReceiverStream<Result<SyncMessage, Status>>;

    async fn synchronize(
        &self,
        request: Request<Streaming<SyncMessage>>,
    ) -> Result<Response<Self::SynchronizeStream>, Status> {
        let (sender, receiver) = mpsc::channel(1_000);
        let cutter = self.clone();
        tokio::spawn(async move {
            if let Err(status) = cutter.run(request.into_inner(), sender.clone()).await {
                let _ = sender.send(Err(status)).await;
            }
        });
        Ok(Response::new(ReceiverStream::new(receiver)))
    }

    async fn run_session(
        &self,
        _: Request<RunSessionRequest>,
    ) -> Result<Response<RunSessionResponse>, Status> {
        Err(Status::unimplemented("this is no replica"))
    }
}
