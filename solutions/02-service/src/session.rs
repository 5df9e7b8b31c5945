//! Reads and writes in order: each is answered before the next begins.

use proto::kv::v1::{SessionRequest, SessionResponse, session_request, session_response};
use serve::{Answers, Memory, Shutdown};
use tonic::Streaming;

use crate::Error;
use crate::access::Access;

/// How many bytes of answers wait for a client that reads slowly. When they are full, no access
/// begins.
const BUFFER: usize = 64 * 1024;

/// The answers of one session.
pub type SessionStream = Answers<SessionResponse>;

/// Answers the accesses of a session until the client ends it, or the replica shuts down.
pub fn session(
    access: Access,
    shutdown: Shutdown,
    memory: &Memory,
    mut requests: Streaming<SessionRequest>,
) -> SessionStream {
    let (sender, answers) = memory.channel(BUFFER);
    tokio::spawn(async move {
        loop {
            let request = tokio::select! {
                biased;
                () = shutdown.begun() => Err(Error::ShuttingDown.into()),
                () = sender.closed() => return,
                request = requests.message() => request,
            };
            let answer = match request {
                Ok(Some(request)) => Ok(answer(&access, request).await),
                Ok(None) => return,
                Err(status) => Err(status),
            };
            let ended = answer.is_err();
            if sender.send(answer).await.is_err() || ended {
                return;
            }
            access.metrics.sent_in_stream("Session");
        }
    });
    answers
}

async fn answer(access: &Access, request: SessionRequest) -> SessionResponse {
    use {session_request::Access as Asked, session_response::Answer};
    access.metrics.received_in_stream("Session");
    let answer = match request.access {
        Some(Asked::Get(get)) => access.get(get).await.map(Answer::Get),
        Some(Asked::Put(put)) => access.put(put).await.map(Answer::Put),
        Some(Asked::Delete(delete)) => access.delete(delete).await.map(Answer::Delete),
        None => Err(Error::UnknownAccess),
    };
    let answer = answer.unwrap_or_else(|error| Answer::Refusal(error.refusal()));
    SessionResponse { id: request.id, answer: Some(answer) }
}
