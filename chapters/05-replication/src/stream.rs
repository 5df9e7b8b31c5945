//! The stream to a peer: opened, and reopened.

use std::time::Duration;

use peers::Backoff;
use rpc::replication::v1::replication_client::ReplicationClient;
use store::ReplicaId;
use tokio::time::{Instant, sleep, timeout};
use tonic::Code;
use transcript::{Ends, Incoming, Outgoing};

use crate::sending::Sending;
use crate::{Error, Replicator, session, words};

/// The name of the streams in diagrams and logs.
pub const STREAM: &str = "replication";

/// How many messages wait between this replica and the connection.
pub const BUFFER: usize = 4;

/// How long a peer may take to answer the first message.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The longest first wait before a stream is reopened, and the longest of all.
const WAITS: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// The wait after a refusal, which somebody has to fix.
const REFUSED: Duration = Duration::from_secs(30);

/// A stream that was open for this long was stable.
const STEADY: Duration = Duration::from_secs(10);

impl Replicator {
    /// Keeps a stream to `peer` open, as long as the future lives.
    pub(crate) async fn keep_open(self, peer: ReplicaId) {
        // exercise 5.5: Open it again
        //
        // A stream ends: the network breaks it, the peer restarts, or it refuses. What was in
        // flight is lost, which is harmless: the next stream resumes after what the peer has on
        // disk. But somebody has to open it. Here it is opened once.
        //
        // Reopen it in a loop (`self.stream(peer)`), and log how each ended (`tell`). In between,
        // wait: after a refusal `REFUSED`, and otherwise (`error.may_pass()`, or a clean end) as
        // long as `next(&mut waits)` says, each wait longer than the last; start with new `waits()`
        // if the stream had been open for `STEADY`. Nothing has to end this loop: the task is ended
        // from outside, at whichever await it is.
        let ended = self.stream(peer).await;
        tell(peer, &ended, Duration::MAX);
        // end exercise 5.5
    }

    /// One stream, from beginning to end.
    async fn stream(&self, peer: ReplicaId) -> Result<(), Error> {
        let channel = self.peers.channel(peer).await?;
        let mut client = ReplicationClient::new(channel);
        let ends = Ends { me: self.store.identity().replica.0, peer: peer.0, stream: STREAM };
        let (mut outgoing, requests) = Outgoing::new(ends, BUFFER, words::request);
        let (sending, begin) = Sending::begin(self.clone(), peer).await?;
        outgoing.send(begin).await?;
        let answer = timeout(PATIENCE, client.replicate(requests)).await;
        let responses = answer.map_err(|_| Error::NoAnswer)??.into_inner();
        session::run(Incoming::new(ends, responses, words::response), outgoing, sending).await
    }

    /// The waits between attempts: each longer than the last, and random, so that the peers of a
    /// replica that is back do not all come at once.
    fn waits(&self) -> Backoff {
        Backoff::new(WAITS.0, WAITS.1, self.random.clone())
    }
}

/// The next wait.
fn next(waits: &mut Backoff) -> Duration {
    // A stream may always be reopened, without a deadline.
    waits.failed(Code::Unavailable, true, Duration::ZERO, Duration::MAX).unwrap_or(WAITS.1)
}

fn tell(peer: ReplicaId, ended: &Result<(), Error>, wait: Duration) {
    let seconds = wait.as_secs_f64();
    match ended {
        Ok(()) => {
            tracing::info!(%peer, seconds, "a peer has ended the stream to it; opened again after a wait")
        }
        Err(error) if error.may_pass() => {
            tracing::info!(%peer, %error, seconds, "the stream to a peer has ended; opened again after a wait")
        }
        Err(error) => {
            tracing::warn!(%peer, %error, seconds, "the stream to a peer has ended; opened again after a wait")
        }
    }
}
