//! What two replicas check of each other when they meet.

use proto::peer::v1::Peer;
use serve::Caller;
use store::ReplicaId;

use crate::Error;
use crate::entry::{Known, are_two, taken};
use crate::roles::speaks_for;

/// The version of the protocol between replicas that this program speaks.
pub const PROTOCOL: u32 = 1;

/// Whether the replica `me` may listen to `caller`, which claims to be `from` (about which `me`
/// knows `known`), and wants the replica `to` (0: whichever answers).
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
    // The protocol comes first: in another version the rest may mean something else.
    if protocol != PROTOCOL {
        return Err(Error::Protocol { known: PROTOCOL, asked: protocol });
    }
    // Then who it is: a caller that may not speak for a replica learns nothing about it.
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
