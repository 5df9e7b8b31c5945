//! The first contact, before clients may write.
//!
//! A clock that begins at 0 in a fleet that is at 1,000,000 gives versions that lose against everything,
//! even against deletions that the others have forgotten. And a replica whose directory is older than it
//! should be gives versions again that it gave before. So a replica asks first: where the clocks of the others
//! stand, and what they know of itself.

use std::collections::BTreeSet;
use std::time::Duration;

use proto::peer::v1::{Peer, PingResponse};
use store::{Hold, ReplicaId, Version, Write};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::pings::ask;
use crate::{Error, Peers, Teller};

/// The shortest and the longest wait before all are asked again.
const WAITS: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// How many numbers a member leaves out that could not ask all others. If its directory is an older copy, its
/// writes have gone on there under the next numbers, and these stay theirs: when they meet, no version stands for
/// two writes, and that they exist shows what happened. More than a replica writes between two backups.
const SKIPPED: u64 = 100_000_000;

/// Where the store was told to wait ([`store::Store::joins`]): asks the members of the table and the seeds, takes
/// in what they know, and then takes writes.
///
/// Who was a member before goes on without an answer: else no fleet could start whose replicas were all
/// down. Who was none waits for one, for as long as it takes, unless it was told to begin a fleet, or no seeds
/// were named.
///
/// # Errors
/// Where somebody has no place for this replica, or the store failed.
pub async fn join(peers: &Peers) -> Result<(), Error> {
    let (table, seeds) = (peers.table(), &peers.settings().seeds);
    if !matches!(table.store.hold(), Some(Hold::Joining(_))) {
        return Ok(());
    }
    let was_member = table.was_announced().await?;
    let (mut wait, mut heard) = (WAITS.0, BTreeSet::new());
    loop {
        let asked = whom(peers).await?;
        // Nobody was named to ask.
        if asked.is_empty() && seeds.dns.is_none() {
            break;
        }
        let addresses: Vec<_> = asked.iter().map(|peer| peer.address.clone()).collect();
        let addresses = addresses.join(", ");
        table.store.joins(format!("it asks its fleet ({addresses}), and nobody has answered")).await?;
        heard = ask_all(peers, asked, !was_member).await?;
        if !heard.is_empty() {
            break;
        }
        if was_member {
            tracing::warn!(addresses, "no other replica has answered: this one goes on with what it knows");
            break;
        }
        if seeds.bootstrap {
            tracing::warn!(
                addresses,
                "no seed has answered: this replica begins a fleet, as --bootstrap says"
            );
            break;
        }
        let seconds = wait.as_secs_f64();
        tracing::warn!(
            addresses,
            seconds,
            "no seed has answered: this replica takes no writes, and asks again after a wait; if it is the first of \
             its fleet, start it with --bootstrap"
        );
        sleep(wait).await;
        wait = (wait * 2).min(WAITS.1);
    }
    let skipped = if was_member && !heard_all(peers, &heard).await? { SKIPPED } else { 0 };
    table.store.joined(skipped).await?;
    table.announce().await
}

/// Whether all others were heard, those too of whom the ones who answered have told. Who knows of no others has
/// not heard all: its directory may be a copy from before they joined.
async fn heard_all(peers: &Peers, heard: &BTreeSet<ReplicaId>) -> Result<bool, Error> {
    let others = peers.others().await?;
    Ok(!others.is_empty() && others.iter().all(|peer| heard.contains(&ReplicaId(peer.replica))))
}

/// The other members, and the seeds that are none of them.
async fn whom(peers: &Peers) -> Result<Vec<Peer>, Error> {
    let mut whom = peers.others().await?;
    for address in peers.settings().seeds.addresses().await {
        let known = whom.iter().chain([peers.me()]).any(|peer| peer.address == address);
        if !known {
            whom.push(Peer { address, ..Peer::default() });
        }
    }
    Ok(whom)
}

/// Which members of a fleet have answered. All are asked at the same time, and each has as long as a ping.
async fn ask_all(peers: &Peers, asked: Vec<Peer>, newcomer: bool) -> Result<BTreeSet<ReplicaId>, Error> {
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
    // What they know of this replica comes first: what is taken in moves its clock on.
    for answer in &answers {
        peers.past().hear_answer(&peers.table().store, peers.me(), answer).await?;
    }
    let mut heard = BTreeSet::new();
    for answer in answers {
        heard.extend(take_in(peers, answer, newcomer).await?);
    }
    Ok(heard)
}

/// The member of a fleet from which it came: it has an entry for itself. One that is joining too has none.
async fn take_in(peers: &Peers, answer: PingResponse, newcomer: bool) -> Result<Option<ReplicaId>, Error> {
    let from = answer.me.unwrap_or_default().replica;
    if from == peers.me().replica {
        return Ok(None);
    }
    let member = answer.table.iter().any(|entry| entry.replica == from);
    let table = peers.table();
    let version = Version { counter: answer.clock, replica: ReplicaId(from) };
    // The clock comes first: the table may be too far ahead for it. A newcomer takes over where the fleet
    // stands, however far that is; who was there before cannot be so far behind.
    let moved = move |write: &mut Write<'_, '_>| {
        Ok(if newcomer { write.begin_at(version) } else { write.observe(version) })
    };
    if !table.store.write(moved).await? {
        tracing::error!(
            from,
            clock = answer.clock,
            "a clock is too far ahead to be true: its replica is not heard"
        );
        return Ok(None);
    }
    match peers.hear(Teller::Member, answer.table).await {
        Ok(merged) => table.stand(merged.standing)?,
        Err(Error::Store(error)) => return Err(error.into()),
        // Somebody else may be in order.
        Err(error) => {
            tracing::error!(from, %error, "a peer's table was not taken in: it is not heard");
            return Ok(None);
        }
    }
    Ok(member.then_some(ReplicaId(from)))
}
