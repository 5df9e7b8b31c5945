//! The streams that peers open here.

use proto::replication::v1::replicate_request::Message;
use proto::replication::v1::{ReplicateRequest, ReplicateResponse};
use rpc::replication::v1::replication_server::Replication;
use serve::Caller;
use tokio::sync::oneshot;
use tokio::time::timeout;
use tonic::{Request, Response, Status, Streaming};
use transcript::{Answers, Ends, Incoming, Outbox, Outgoing};

use crate::receiving::Receiving;
use crate::stream::{BUFFER, PATIENCE, STREAM};
use crate::{Error, Replicator, session, words};

#[tonic::async_trait]
impl Replication for Replicator {
    type ReplicateStream = Answers<Outbox<ReplicateResponse>>;

    async fn replicate(
        &self,
        request: Request<Streaming<ReplicateRequest>>,
    ) -> Result<Response<Self::ReplicateStream>, Status> {
        let caller = Caller::of(request.extensions());
        let mut requests = request.into_inner();
        let first = timeout(PATIENCE, requests.message()).await.map_err(|_| Error::NoAnswer)??;
        let Some(first @ ReplicateRequest { message: Some(Message::Begin(begin)) }) = &first else {
            return Err(Error::Unexpected("no Begin".into()).into());
        };
        let ends = Ends { me: self.store.identity().replica.0, peer: begin.from, stream: STREAM };
        let incoming = Incoming::after_first(ends, requests, words::request, first);
        let begun = Receiving::begin(self.clone(), &caller, begin).await;
        let (receiving, resume) = begun.inspect_err(|error| {
            if self.lines.turn().is_some() {
                tracing::warn!(peer = begin.from, %error, "a stream is refused");
            }
        })?;
        let (mut outgoing, messages) = Outgoing::new(ends, BUFFER, words::response);
        outgoing.send(resume).await.map_err(Error::from)?;
        let (answers, last) = Answers::new(messages);
        tokio::spawn(self.clone().receive(incoming, outgoing, receiving, last));
        Ok(Response::new(answers))
    }
}

impl Replicator {
    /// Receives a stream until it ends. The peer is told why: `last` is its last message.
    async fn receive(
        self,
        incoming: Incoming<ReplicateRequest>,
        outgoing: Outgoing<ReplicateResponse>,
        receiving: Receiving,
        last: oneshot::Sender<Status>,
    ) {
        let peer = receiving.peer();
        let replaced = self.latest.begin(peer);
        // exercise 5.5, continued: three ends
        //
        // This task ends when the stream does. That is not enough. When this replica shuts down it
        // must end too (`self.shutdown.begun()`), with `ShuttingDown`, or the server waits for it
        // in vain. And a connection that died silently never says so: but the peer has noticed, and
        // opened another stream. Then the future `replaced` completes, and this stream ends with
        // `Replaced`.
        let ended = session::run(incoming, outgoing, receiving).await;
        // end exercise 5.5
        if let Err(error) = ended {
            tracing::info!(%peer, %error, "a stream from a peer has ended");
            // Nobody hears it if the peer is gone.
            let _ = last.send(error.into());
        }
    }
}
