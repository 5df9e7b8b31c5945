//! The generated trait, implemented with the other files.

use proto::antientropy::v1::sync_message::Message as Kind;
use proto::antientropy::v1::{Open, RunSessionRequest, RunSessionResponse, SyncMessage};
use rpc::antientropy::v1::anti_entropy_server;
use serve::Caller;
use store::ReplicaId;
use tokio::sync::oneshot;
use tonic::{Request, Response, Status, Streaming};
use transcript::{Answers, Ends, Incoming, Outbox, Outgoing};

use crate::answer::BUFFER;
use crate::gather::Gathered;
use crate::session::STREAM;
use crate::{AntiEntropy, Error, Side, Tally, describe};

/// The service of anti-entropy. Cheap to clone.
#[derive(Clone)]
pub struct Service(pub(crate) AntiEntropy);

#[tonic::async_trait]
impl anti_entropy_server::AntiEntropy for Service {
    type SynchronizeStream = Answers<Gathered<Outbox<SyncMessage>>>;

    async fn synchronize(
        &self,
        request: Request<Streaming<SyncMessage>>,
    ) -> Result<Response<Self::SynchronizeStream>, Status> {
        let caller = Caller::of(request.extensions());
        let mut messages = request.into_inner();
        let tally = self.0.tally(Side::Remote);
        let admitted = self.0.in_time(&tally, async {
            let open = opened(&mut messages, &tally).await?;
            let slot = self.0.admit(&caller, &open).await?;
            Ok((open, slot))
        });
        let (open, slot) = admitted.await.inspect_err(|error| tally.end(Err(error)))?;
        let ends = Ends { me: self.0.me().0, peer: open.from, stream: STREAM };
        let incoming = Incoming::new(ends, messages, describe);
        let (outgoing, replies) = Outgoing::new(ends, BUFFER, describe);
        let (answers, status) = Answers::new(Gathered::new(replies));
        let mut status = LastWord(Some(status));
        let anti_entropy = self.0.clone();
        tokio::spawn(async move {
            let _slot = slot;
            let ended = tokio::select! {
                biased;
                () = status.nobody_listens() => Err(Error::EndedEarly),
                ended = anti_entropy.answer(incoming, outgoing, &open, &tally) => ended,
            };
            tally.end(ended.as_ref());
            if let Err(error) = &ended {
                tracing::warn!(peer = open.from, %error, "a session that a peer began failed");
            }
            status.say(ended);
        });
        Ok(Response::new(answers))
    }

    async fn run_session(
        &self,
        request: Request<RunSessionRequest>,
    ) -> Result<Response<RunSessionResponse>, Status> {
        let RunSessionRequest { peer, dry } = request.into_inner();
        let peer = match peer {
            0 => self.0.choose().await?,
            peer => ReplicaId(peer),
        };
        let tally = self.0.tally(Side::Initiator);
        tally.draw(self.0.me().0, peer.0);
        self.0.run_session(peer, dry, &tally).await?;
        let (diagram, report) = (tally.diagram(), Some(tally.report()));
        Ok(Response::new(RunSessionResponse { peer: peer.0, diagram, report }))
    }
}

/// The initiator's first message.
async fn opened(messages: &mut Streaming<SyncMessage>, tally: &Tally) -> Result<Open, Error> {
    let message = messages.message().await?.ok_or(Error::EndedEarly)?;
    tally.received(&message);
    match message.message {
        Some(Kind::Open(open)) => Ok(open),
        _ => Err(Error::OutOfOrder("the initiator's first message is not OPEN")),
    }
}

/// The status at the end of a stream.
///
/// A stream that ends without one looks like success. So a session that is dropped on the way, even
/// by a panic, still says that it was not finished.
struct LastWord(Option<oneshot::Sender<Status>>);

impl LastWord {
    fn say(mut self, ended: Result<(), Error>) {
        if let (Some(end), Err(error)) = (self.0.take(), ended) {
            // Nobody hears it if the initiator is gone.
            let _ = end.send(error.into());
        }
    }

    /// Waits until the initiator is gone.
    async fn nobody_listens(&mut self) {
        if let Some(end) = &mut self.0 {
            end.closed().await;
        }
    }
}

impl Drop for LastWord {
    fn drop(&mut self) {
        if let Some(end) = self.0.take() {
            let _ = end.send(Error::EndedEarly.into());
        }
    }
}
