//! The first contact, before clients may write.
//!
//! A clock that begins at 0 in a fleet that is at 1,000,000 issues versions that lose against
//! everything, even against deletions that the others have forgotten. And a replica whose directory
//! is too old reuses versions. So a replica first asks the others for their clocks, and for what
//! they know of its own writes.

use std::collections::BTreeSet;
use std::time::Duration;

use proto::peer::v1::Peer;
use store::{Hold, Joined, ReplicaId};
use tokio::time::sleep;

use crate::reached::{ask_all, whom};
use crate::{Error, Peers};

/// The shortest and the longest wait before asking all again.
const WAITS: (Duration, Duration) = (Duration::from_millis(500), Duration::from_secs(10));

/// If the store was told to wait ([`store::Store::joins`]): asks the members of the table and the
/// seeds, merges what they know, and then takes writes.
///
/// A replica that was a member before continues without an answer: otherwise no fleet could start
/// whose replicas were all down. A new one waits for an answer, for as long as it takes, unless no
/// seeds were named. If it was told to begin a fleet, it waits for all seeds to say that they have
/// none: its directory may be lost, and its fleet only out of reach.
///
/// # Errors
/// If a peer refuses this replica for good, it has only itself to ask, or the store failed.
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

/// What to do if no member of a fleet has answered.
fn advice(bootstrap: bool) -> &'static str {
    if bootstrap {
        "not all seeds have answered that they have no fleet; start them, or where there is none yet, begin it without seeds"
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

/// Whether this replica may begin a fleet if there is nobody else to ask.
fn begins_alone(peers: &Peers) -> Result<(), Error> {
    let seeds = &peers.settings().seeds;
    if !seeds.list.is_empty() && !seeds.bootstrap {
        return Err(Error::OnlyItself(peers.me().address.clone()));
    }
    tracing::warn!("no other replica was named to ask (--seeds): this one begins a fleet of its own");
    Ok(())
}

/// A number that no other start of this directory draws: each has a name.
fn draw(me: &Peer) -> u64 {
    me.run.first_chunk().copied().map(u64::from_be_bytes).unwrap_or_default()
}

/// Whether all others answered, including those that the answers named. A replica that knows of no
/// others has not heard all: its directory may be a copy from before they joined.
async fn heard_all(peers: &Peers, heard: &BTreeSet<ReplicaId>) -> Result<bool, Error> {
    let others = peers.others().await?;
    Ok(!others.is_empty() && others.iter().all(|peer| heard.contains(&ReplicaId(peer.replica))))
}
