//! The service for other replicas and operators.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use proto::peer::v1::peer_status::Health;
use proto::peer::v1::{
    AddPeerRequest, AddPeerResponse, GetPeersRequest, GetPeersResponse, NetworkStatus, Peer, PeerStatus,
    PingRequest, PingResponse, RegionStatus, RemovePeerRequest, RemovePeerResponse,
};
use rpc::peer::v1::peer_management_server::PeerManagement;
use serve::{Caller, Holder, Seldom};
use store::ReplicaId;
use tonic::{Request, Response, Status};

use crate::entry::{self, Known};
use crate::past::has_gone_back;
use crate::{Error, Peers, Teller, greet};

/// The most callers whose refusal is remembered.
const MAX_REFUSED: usize = 100;

/// The generated trait, answered from the peers of one replica.
#[derive(Clone)]
pub struct PeerService {
    peers: Peers,
    /// By address, why a caller was last refused: it comes again every second, and one log line is
    /// enough.
    refused: Arc<Mutex<BTreeMap<String, Error>>>,
    /// Callers that use another name each time get a few lines too.
    lines: Arc<Seldom>,
}

impl PeerService {
    pub(crate) fn new(peers: Peers) -> Self {
        Self { peers, refused: Arc::default(), lines: Arc::default() }
    }

    async fn list(&self, request: GetPeersRequest) -> Result<GetPeersResponse, Error> {
        let all = self.peers.table().peers().await?;
        let mut regions = BTreeMap::<String, u64>::new();
        all.iter().for_each(|peer| *regions.entry(peer.region.clone()).or_default() += 1);
        let regions = regions.into_iter().map(|(region, replicas)| RegionStatus { region, replicas });
        let size = all.len() as u64;
        let peers: Vec<PeerStatus> = all.into_iter().map(|peer| self.status_of(peer)).collect();
        let network = NetworkStatus {
            size,
            regions: regions.collect(),
            synchronized_seconds_ago: peers.iter().filter_map(|peer| peer.synchronized_seconds_ago).min(),
        };
        let wanted = |status: &PeerStatus| {
            let region = status.peer.as_ref().map(|peer| peer.region.as_str());
            !request.status_only && (request.region.is_empty() || region == Some(request.region.as_str()))
        };
        Ok(GetPeersResponse { peers: peers.into_iter().filter(wanted).collect(), network: Some(network) })
    }

    fn status_of(&self, peer: Peer) -> PeerStatus {
        let now = self.peers.now();
        let contact = self.peers.contacts().get(&ReplicaId(peer.replica)).cloned();
        let mut status = PeerStatus { health: Health::Unknown.into(), ..PeerStatus::default() };
        if peer.replica == self.peers.me().replica {
            status.health = Health::Self_.into();
        } else if let Some(contact) = contact {
            status.health = contact.health(now).into();
            status.round_trip_micros = contact.round_trip.unwrap_or_default().as_micros() as u64;
            status.suspicion = contact.detector.phi(now);
            status.synchronized_seconds_ago = contact.synchronized.map(|at| at.elapsed().as_secs());
            status.complaint = contact.complaint.unwrap_or_default();
        }
        PeerStatus { peer: Some(peer), ..status }
    }

    async fn add(&self, request: AddPeerRequest) -> Result<AddPeerResponse, Error> {
        let peer = request.peer.ok_or_else(|| Error::BadMessage("the request names no replica".into()))?;
        self.peers.dial().check(&peer.address)?;
        let version = self.peers.table().add(peer).await?;
        Ok(AddPeerResponse { version: Some(version.into()) })
    }

    /// A replica that was removed still has its certificate. It is not to remove the others in return.
    async fn may_change_the_fleet(&self, caller: &Caller) -> Result<(), Error> {
        match caller {
            Caller::Certified(Holder::Replica(id)) if self.peers.is_removed(ReplicaId(*id)).await? => {
                Err(Error::Removed(ReplicaId(*id)))
            }
            _ => Ok(()),
        }
    }

    async fn ping(&self, caller: &Caller, request: PingRequest) -> Result<PingResponse, Error> {
        let from =
            request.from.ok_or_else(|| Error::BadMessage("the caller does not say who it is".into()))?;
        entry::check(&from).map_err(|what| Error::BadMessage(format!("the caller: {what}")))?;
        let (me, table) = (self.peers.me(), self.peers.table());
        let known = table.find(ReplicaId(from.replica)).await?;
        let greeted = greet(me, caller, &known, request.protocol, &from, request.to);
        self.note(&from, greeted.as_ref().err());
        greeted?;
        let (past, caller) = (self.peers.past(), ReplicaId(from.replica));
        let teller = match known {
            Known::Member(_) => Teller::Member,
            Known::Removed | Known::Unknown => Teller::Newcomer(caller),
        };
        if teller == Teller::Member && caller.0 != me.replica {
            past.hear(&table.store, caller, request.known, request.went_back).await?;
        }
        let merged = self.peers.hear(teller, request.table).await?;
        if teller != Teller::Member && merged.no_room > 0 {
            return Err(table.room.bound());
        }
        self.peers.expelled().stand(merged.standing, me.replica);
        let clock = table.store.clock().await?;
        Ok(PingResponse {
            me: Some(me.clone()),
            table: table.entries().await?,
            clock,
            known: past.known_of(caller).await?,
            went_back: has_gone_back(&table.store),
            refuses: past.refuses(caller),
        })
    }

    /// Logs that a caller is refused, if it is new or for a new reason.
    fn note(&self, from: &Peer, error: Option<&Error>) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(error) = error else {
            refused.remove(&from.address);
            return;
        };
        if refused.get(&from.address) == Some(error) {
            return;
        }
        if let Some(kept_back) = self.lines.turn() {
            let (caller, address) = (from.replica, &from.address);
            tracing::warn!(caller, address, %error, kept_back, "a ping was refused");
        }
        if refused.len() >= MAX_REFUSED {
            refused.clear();
        }
        refused.insert(from.address.clone(), error.clone());
    }
}

#[tonic::async_trait]
impl PeerManagement for PeerService {
    async fn get_peers(
        &self,
        request: Request<GetPeersRequest>,
    ) -> Result<Response<GetPeersResponse>, Status> {
        Ok(Response::new(self.list(request.into_inner()).await?))
    }

    async fn add_peer(&self, request: Request<AddPeerRequest>) -> Result<Response<AddPeerResponse>, Status> {
        self.may_change_the_fleet(&Caller::of(request.extensions())).await?;
        Ok(Response::new(self.add(request.into_inner()).await?))
    }

    async fn remove_peer(
        &self,
        request: Request<RemovePeerRequest>,
    ) -> Result<Response<RemovePeerResponse>, Status> {
        self.may_change_the_fleet(&Caller::of(request.extensions())).await?;
        let replica = ReplicaId(request.into_inner().replica);
        let version = self.peers.table().remove(replica).await?;
        Ok(Response::new(RemovePeerResponse { version: version.map(Into::into) }))
    }

    async fn ping(&self, request: Request<PingRequest>) -> Result<Response<PingResponse>, Status> {
        let caller = Caller::of(request.extensions());
        Ok(Response::new(self.ping(&caller, request.into_inner()).await?))
    }
}
