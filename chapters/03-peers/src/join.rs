//! The first contact, before clients may write.
//!
//! A clock that begins at 0 in a fleet that is at 1,000,000 gives versions that lose against everything,
//! even against deletions that the others have forgotten. And a replica whose directory is older than it
//! should be gives versions again that it gave before. So a replica asks first: where the clocks of the others
//! stand, and what they know of itself.

use std::collections::BTreeSet;
use std::time::Duration;

use proto::peer::v1::{Peer, PingResponse};
use store::{Hold, Joined, ReplicaId, Version, Write};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::pings::ask;
use crate::{Error, Peers, Teller};

/// The shortest and the longest wait before all are asked again.
const WAITS: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// Who was reached, of those who were asked.
#[derive(Default)]
struct Reached {
    /// Members of a fleet.
    members: BTreeSet<ReplicaId>,
    /// How many that have no fleet yet either.
    newcomers: usize,
    /// How many times this replica reached itself.
    itself: usize,
}

/// Where the store was told to wait ([`store::Store::joins`]): asks the members of the table and the seeds, takes
/// in what they know, and then takes writes.
///
/// Who was a member before goes on without an answer: else no fleet could start whose replicas were all
/// down. Who was none waits for one, for as long as it takes, unless no seeds were named. Where it was told to begin a
/// fleet, it waits for all seeds to say that they have none: its directory may be lost, and its fleet only out of reach.
///
/// # Errors
/// Where somebody has no place for this replica, it has only itself to ask, or the store failed.
pub async fn join(peers: &Peers) -> Result<(), Error> {
    let (table, seeds) = (peers.table(), &peers.settings().seeds);
    if !matches!(table.store.hold(), Some(Hold::Joining(_))) {
        return Ok(());
    }
    let was_member = table.was_announced().await?;
    let mut wait = WAITS.0;
    let reached = loop {
        let asked = whom(peers).await?;
        let addresses: Vec<_> =
            asked.iter().map(|peer| peer.address.clone()).chain(seeds.dns.clone()).collect();
        let (addresses, count) = (addresses.join(", "), asked.len());
        table.store.joins(waits_for(seeds.bootstrap && !was_member, &addresses)).await?;
        let reached = ask_all(peers, asked, !was_member).await?;
        if !reached.members.is_empty() {
            break reached;
        }
        if was_member {
            if count > 0 {
                tracing::warn!(
                    addresses,
                    "no other replica has answered: this one goes on with what it knows"
                );
            }
            break reached;
        }
        if seeds.dns.is_none() && reached.itself == count {
            begins_alone(peers)?;
            break reached;
        }
        if seeds.bootstrap && reached.newcomers > 0 && reached.newcomers + reached.itself == count {
            tracing::info!(addresses, "no seed has a fleet: this replica begins one, as --bootstrap says");
            break reached;
        }
        let (seconds, bootstrap) = (wait.as_secs_f64(), seeds.bootstrap);
        tracing::warn!(
            addresses,
            seconds,
            "this replica takes no writes, and asks again after a wait: {}",
            advice(bootstrap)
        );
        sleep(wait).await;
        wait = (wait * 2).min(WAITS.1);
    };
    let joined = match heard_all(peers, &reached.members).await? {
        true => Joined::HeardAll,
        false if was_member => Joined::HeardSome { draw: draw(peers.me()) },
        false => Joined::New,
    };
    table.store.joined(joined).await?;
    table.announce().await
}

/// What to do where nobody has answered who has a fleet.
fn advice(bootstrap: bool) -> &'static str {
    if bootstrap {
        "not all seeds have answered that they have no fleet; start them, or where there is none yet, begin it without --seeds"
    } else {
        "no seed has answered that has a fleet; if this replica is the first of a new one, start it with --bootstrap"
    }
}

fn waits_for(bootstrap: bool, addresses: &str) -> String {
    if bootstrap {
        format!("it begins a fleet when all of its seeds ({addresses}) have answered that they have none")
    } else {
        format!("it asks its fleet ({addresses}), and nobody has answered")
    }
}

/// Whether this replica may begin a fleet where there is nobody else to ask.
fn begins_alone(peers: &Peers) -> Result<(), Error> {
    let seeds = &peers.settings().seeds;
    if !seeds.list.is_empty() && !seeds.bootstrap {
        return Err(Error::OnlyItself(peers.me().address.clone()));
    }
    tracing::warn!("no other replica was named to ask (--seeds): this one begins a fleet of its own");
    Ok(())
}

/// What no other start of this directory draws: each has a name.
fn draw(me: &Peer) -> u64 {
    me.run.first_chunk().copied().map(u64::from_be_bytes).unwrap_or_default()
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

/// Who is reached. All are asked at the same time, and each has as long as a ping.
async fn ask_all(peers: &Peers, asked: Vec<Peer>, newcomer: bool) -> Result<Reached, Error> {
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
    let mut reached = Reached::default();
    for answer in answers {
        take_in(peers, answer, newcomer, &mut reached).await?;
    }
    Ok(reached)
}

/// Takes in what a replica knows, and notes who it is: a member of a fleet has an entry for itself, and one that is
/// joining too has none.
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
