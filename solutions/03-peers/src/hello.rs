//! What two replicas check of each other when they meet.

use proto::peer::v1::Peer;
use serve::Caller;
use store::ReplicaId;

use crate::Error;
use crate::entry::{Known, are_two, taken};
use crate::roles::speaks_for;

/// The version of the protocol between replicas that this program speaks.
pub const PROTOCOL: u32 = 1;

/// Whether the replica `me` may listen to `caller`, who says that it is `from` (of whom `me` has `known`), and
/// who wants the replica `to` (0: whoever answers).
///
/// # Errors
/// Each with another code, so that the caller knows what to do: see [`Error::code`].
pub fn greet(
    me: &Peer,
    caller: &Caller,
    known: &Known,
    protocol: u32,
    from: &Peer,
    to: u64,
) -> Result<(), Error> {
    // The protocol comes first: what else another version says may mean something else.
    if protocol != PROTOCOL {
        return Err(Error::Protocol { known: PROTOCOL, asked: protocol });
    }
    // Then who it is: whoever may not speak for a replica is told nothing of that replica.
    speaks_for(caller, from.replica)?;
    if to != 0 && to != me.replica {
        return Err(Error::WrongReplica { me: ReplicaId(me.replica), asked: to });
    }
    match known {
        Known::Removed => Err(Error::Removed(ReplicaId(from.replica))),
        Known::Member(known) if are_two(known, from) => Err(taken(known)),
        Known::Member(_) | Known::Unknown => Ok(()),
    }
}
