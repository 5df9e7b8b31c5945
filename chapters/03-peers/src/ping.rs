//! One ping: to a peer, or to a possible one.

use std::time::Duration;

use proto::peer::v1::{Peer, PingRequest, PingResponse};
use rpc::peer::v1::peer_management_client::PeerManagementClient;
use store::ReplicaId;
use tokio::time::{Instant, timeout_at};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use crate::entry::{are_two, taken};
use crate::past::has_gone_back;
use crate::{Error, PROTOCOL, Peers, retry};

/// How long a ping may take, the dial included. Longer than an interval: a peer on the other side
/// of the world is slow, not dead, and no ping waits for another's.
const DEADLINE: Duration = Duration::from_secs(2);

/// Whether a peer answered with a refusal.
pub fn is_refusal(code: Code) -> bool {
    use Code::{AlreadyExists, FailedPrecondition, InvalidArgument, NotFound};
    use Code::{PermissionDenied, Unauthenticated, Unimplemented};
    matches!(
        code,
        AlreadyExists
            | FailedPrecondition
            | InvalidArgument
            | NotFound
            | PermissionDenied
            | Unauthenticated
            | Unimplemented
    )
}

pub async fn ping_peer(peers: &Peers, peer: &Peer) -> Result<(PingResponse, Duration), Error> {
    let deadline = Instant::now() + DEADLINE;
    let late = |_| Status::deadline_exceeded("no answer in time");
    let channel = timeout_at(deadline, peers.pool().channel(peer)).await.map_err(late)??;
    let request = request(peers, peer.replica).await?;
    let began = Instant::now();
    let answer = timeout_at(deadline, ping(channel, request)).await.map_err(late)??;
    match &answer.me {
        Some(me) if !are_two(me, peer) => Ok((answer, began.elapsed())),
        _ => Err(taken(peer)),
    }
}

/// Pings an address whose channel is not kept. A seed may be anybody: it is a peer with the id 0.
pub async fn ask(peers: &Peers, peer: Peer, random: fastrand::Rng) -> Result<PingResponse, Error> {
    let request = request(peers, peer.replica).await?;
    let ask = || async {
        let channel = peers.dial().dial(&peer).await?;
        ping(channel, request.clone()).await
    };
    Ok(retry(true, Instant::now() + DEADLINE, random, ask).await?)
}

async fn request(peers: &Peers, to: u64) -> Result<PingRequest, Error> {
    let table = peers.table().entries().await?;
    Ok(PingRequest {
        protocol: PROTOCOL,
        from: Some(peers.me().clone()),
        to,
        table,
        known: peers.past().known_of(ReplicaId(to)).await?,
        went_back: has_gone_back(&peers.table().store),
    })
}

async fn ping(channel: Channel, request: PingRequest) -> Result<PingResponse, Status> {
    let mut request = Request::new(request);
    request.set_timeout(DEADLINE);
    Ok(PeerManagementClient::new(channel).ping(request).await?.into_inner())
}
