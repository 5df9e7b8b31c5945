//! The first contact of a replica that knows nobody yet.
//!
//! A clock that begins at 0 in a fleet that is at 1,000,000 gives versions that lose against everything,
//! even against deletions that the others have forgotten. So a replica hears where the clocks of the others
//! stand before its clients may write.

use proto::peer::v1::PingResponse;
use store::{ReplicaId, Version};
use tokio::task::JoinSet;

use crate::entry::MAX_COUNTER;
use crate::pings::ask_seed;
use crate::{Error, Peers, Teller};

/// Asks the seeds, if this replica knows nobody else, and takes in what they know. Where none of them
/// answers, this replica is the first of its fleet, and goes on alone.
///
/// # Errors
/// Where a seed has no place for this replica, or the store failed.
pub async fn join(peers: &Peers) -> Result<(), Error> {
    if !peers.others().await?.is_empty() {
        return Ok(());
    }
    let mut addresses = peers.settings().seeds.addresses().await;
    addresses.retain(|address| *address != peers.me().address);
    if addresses.is_empty() {
        return Ok(());
    }
    let mut asked = JoinSet::new();
    for address in addresses {
        let (peers, random) = (peers.clone(), fastrand::Rng::with_seed(peers.me().replica));
        asked.spawn(async move { ask_seed(&peers, address, random).await });
    }
    let mut answered = false;
    while let Some(answer) = asked.join_next().await {
        match answer {
            Ok(Ok(answer)) => answered |= take_in(peers, answer).await?,
            Ok(Err(error)) => match error.refused_for_good() {
                Some(refused) => return Err(refused),
                None => tracing::info!(%error, "a seed did not answer"),
            },
            Err(error) => tracing::error!(%error, "a question to a seed ended without a result"),
        }
    }
    if !answered {
        tracing::warn!("no seed has answered: this replica begins alone, as the first of its fleet");
    }
    Ok(())
}

/// Whether it came from another replica.
async fn take_in(peers: &Peers, answer: PingResponse) -> Result<bool, Error> {
    let from = answer.me.unwrap_or_default().replica;
    if from == peers.me().replica {
        return Ok(false);
    }
    if answer.clock >= MAX_COUNTER {
        return Err(Error::BadMessage(format!(
            "the clock of replica {from} cannot stand at {}",
            answer.clock
        )));
    }
    let table = peers.table();
    let merged = peers.hear(Teller::Member, answer.table).await?;
    let version = Version { counter: answer.clock, replica: ReplicaId(from) };
    table
        .store
        .write(move |write| {
            let _: () = write.observe(version);
            Ok(())
        })
        .await?;
    table.stand(merged.standing)?;
    Ok(true)
}
