//! Which replicas a joining one asks, and which it reaches.

use std::collections::BTreeSet;

use proto::peer::v1::{Peer, PingResponse};
use store::{ReplicaId, Version, Write};
use tokio::task::JoinSet;

use crate::ping::ask;
use crate::{Error, Peers, Teller};

/// Which of the asked replicas were reached.
#[derive(Default)]
pub struct Reached {
    /// Members of a fleet.
    pub members: BTreeSet<ReplicaId>,
    /// How many have no fleet yet either.
    pub newcomers: usize,
    /// How many times this replica reached itself.
    pub itself: usize,
}

/// The other members, and the seeds that are none of them.
pub async fn whom(peers: &Peers) -> Result<Vec<Peer>, Error> {
    let mut whom = peers.others().await?;
    for address in peers.settings().seeds.addresses().await {
        let known = whom.iter().chain([peers.me()]).any(|peer| peer.address == address);
        if !known {
            whom.push(Peer { address, ..Peer::default() });
        }
    }
    Ok(whom)
}

/// Which are reached. All are asked at the same time, and each has as long as a ping.
pub async fn ask_all(peers: &Peers, asked: Vec<Peer>, newcomer: bool) -> Result<Reached, Error> {
    let mut questions = JoinSet::new();
    for peer in asked {
        let (peers, random) = (peers.clone(), fastrand::Rng::with_seed(peers.me().replica));
        questions.spawn(async move { ask(&peers, peer, random).await });
    }
    let mut answers = Vec::new();
    while let Some(answer) = questions.join_next().await {
        match answer {
            Ok(Ok(answer)) => answers.push(answer),
            Ok(Err(error)) => match error.refused_for_good() {
                Some(refused) => return Err(refused),
                None => tracing::info!(%error, "somebody who was asked did not answer"),
            },
            Err(error) => tracing::error!(%error, "a question ended without a result"),
        }
    }
    // What they know of this replica comes first: merging advances its clock.
    for answer in &answers {
        peers.past().hear_answer(&peers.table().store, peers.me(), answer).await?;
    }
    let mut reached = Reached::default();
    for answer in answers {
        take_in(peers, answer, newcomer, &mut reached).await?;
    }
    Ok(reached)
}

/// Merges what a replica knows, and notes who it is: a member of a fleet has an entry for itself,
/// and one that is also joining has none.
async fn take_in(
    peers: &Peers,
    answer: PingResponse,
    newcomer: bool,
    reached: &mut Reached,
) -> Result<(), Error> {
    let them = answer.me.unwrap_or_default();
    if them.replica == peers.me().replica {
        reached.itself += usize::from(them.directory == peers.me().directory);
        return Ok(());
    }
    let from = them.replica;
    let member = answer.table.iter().any(|entry| entry.replica == from);
    let table = peers.table();
    let version = Version { counter: answer.clock, replica: ReplicaId(from) };
    // The clock comes first: the table may be too far ahead for it. A newcomer adopts the fleet's
    // clock, however far that is; a former member cannot be so far behind.
    let moved = move |write: &mut Write<'_, '_>| {
        Ok(if newcomer { write.begin_at(version) } else { write.observe(version) })
    };
    if !table.store.write(moved).await? {
        tracing::error!(
            from,
            clock = answer.clock,
            "a clock is too far ahead to be true: its replica is not heard"
        );
        return Ok(());
    }
    match peers.hear(Teller::Member, answer.table).await {
        Ok(merged) => merged.standing.check(peers.me().replica)?,
        Err(Error::Store(error)) => return Err(error.into()),
        // Somebody else may be in order.
        Err(error) => {
            tracing::error!(from, %error, "a peer's table was not taken in: it is not heard");
            return Ok(());
        }
    }
    if member {
        reached.members.insert(ReplicaId(from));
    } else {
        reached.newcomers += 1;
    }
    Ok(())
}
