//! Who may call what, and who may speak for a replica.

use std::fmt;

use serve::Caller;
use tls::Holder;
use tonic::Status;

use crate::Error;

/// What a caller may do, from least to most: each role includes those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Ask whether the replica is well, and which services it has.
    Stranger,
    /// Read and write objects.
    Client,
    /// Change the fleet.
    Operator,
    /// Tell other replicas what was written.
    Member,
}

impl Role {
    /// The role that `method` requires, with a path such as `atoll.kv.v1.KeyValue/Get`. A method
    /// that is not listed here is closed, not open. Health and reflection are exempt: anybody may
    /// ask.
    pub fn needed(method: &str) -> Self {
        match method.split_once('/') {
            Some(("atoll.kv.v1.KeyValue", _)) => Self::Client,
            // A client whose replica does not answer needs to know where the others are.
            Some(("atoll.peer.v1.PeerManagement", "GetPeers")) => Self::Client,
            Some(("atoll.peer.v1.PeerManagement", "AddPeer" | "RemovePeer")) => Self::Operator,
            Some(("atoll.antientropy.v1.AntiEntropy", "RunSession")) => Self::Operator,
            _ => Self::Member,
        }
    }

    /// The role of a caller.
    pub fn of(caller: &Caller) -> Self {
        match caller {
            Caller::Trusted | Caller::Certified(Holder::Replica(_)) => Self::Member,
            Caller::Certified(Holder::Operator) => Self::Operator,
            // Without TLS anybody can claim anything, even to be a client.
            Caller::Anonymous | Caller::Certified(Holder::Client) => Self::Client,
            Caller::Certified(Holder::Nobody(_)) => Self::Stranger,
        }
    }

    /// Whether `caller` may call `method`: the rule for [`serve::guard`].
    ///
    /// # Errors
    /// Says who the caller is taken for, what is needed, and how to get it.
    pub fn rule(caller: &Caller, method: &str) -> Result<(), Status> {
        let needed = Self::needed(method);
        if Self::of(caller) >= needed {
            return Ok(());
        }
        Err(match caller {
            Caller::Certified(holder) => Error::NotAllowed { needed, holder: holder.clone() },
            Caller::Trusted | Caller::Anonymous => Error::NobodyKnown { needed },
        }
        .into())
    }
}

/// Whether `caller` may speak for the replica `replica`.
///
/// # Errors
/// If its certificate is another's.
pub(crate) fn speaks_for(caller: &Caller, replica: u64) -> Result<(), Error> {
    match caller {
        Caller::Trusted => Ok(()),
        Caller::Certified(Holder::Replica(id)) if *id == replica => Ok(()),
        Caller::Certified(holder) => Err(Error::NotYou { claimed: replica, holder: holder.clone() }),
        Caller::Anonymous => Err(Error::NobodyKnown { needed: Role::Member }),
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Stranger => "anybody",
            Self::Client => "clients",
            Self::Operator => "operators",
            Self::Member => "replicas",
        })
    }
}

impl Role {
    /// The URI of a certificate for this role.
    pub(crate) fn uri(self) -> &'static str {
        match self {
            Self::Stranger | Self::Client => "atoll://client",
            Self::Operator => "atoll://operator",
            Self::Member => "atoll://replica/ID",
        }
    }
}
