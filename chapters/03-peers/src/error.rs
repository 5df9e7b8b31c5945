//! What can go wrong between replicas, and what to do then.

use std::path::PathBuf;

use store::ReplicaId;
use tls::Holder;
use tonic::Code;

use crate::Role;
use crate::room::{MAX_ENTRIES, MAX_MEMBERS};

/// Why something between replicas was refused or failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing says which replica this is.
    #[error(
        "nothing says which replica this is; give --replica, or --replica-base and a host name that ends with a \
         number, or --replica-file, or --fleet with a line for the host name {host_name:?} (--host-name gives \
         another)"
    )]
    NoIdentity {
        /// The host name that was looked for.
        host_name: String,
    },
    /// Two sources name two replicas.
    #[error("{first} and {second}; let both say the same, or leave one out")]
    TwoIdentities {
        /// The first, and what it says.
        first: String,
        /// The second, and what it says.
        second: String,
    },
    /// A source does not hold what it should.
    #[error("{by}: {what}")]
    BadIdentity {
        /// The source.
        by: String,
        /// What is wrong, and what is wanted.
        what: String,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {reason}; check the path and the permissions", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What the operating system says.
        reason: String,
    },
    /// Others cannot know where this replica is reached.
    #[error("other replicas cannot reach {0}; give --advertise with the address under which they can")]
    NoAddress(String),
    /// An address cannot be dialed.
    #[error(
        "{address:?} is no address: {reason}; write it as http://HOST:PORT, within TLS as https://HOST:PORT"
    )]
    BadAddress {
        /// The address.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No connection was made.
    #[error("replica {replica} cannot be reached at {address}: {reason}")]
    Unreachable {
        /// The peer; 0 if it is not known.
        replica: u64,
        /// Its address.
        address: String,
        /// What the network says.
        reason: String,
    },
    /// A dial ended without a channel or an error.
    #[error("the dial of {0} ended without an answer; this is a fault of this program, report it")]
    DialEnded(String),
    /// The replica is not in the peer table.
    #[error("replica {0} is not known here; add it, or wait until a peer tells of it")]
    UnknownPeer(ReplicaId),
    /// The replica was removed.
    #[error(
        "replica {0} was removed from the fleet; start it with an empty directory, a new id and the addresses of \
         others (--seeds)"
    )]
    Removed(ReplicaId),
    /// The id is another's.
    #[error(
        "replica id {replica} is taken by the replica at {address}; \
         start this one with an empty directory, an id of its own and the addresses of others (--seeds)"
    )]
    IdTaken {
        /// The id that both claim.
        replica: ReplicaId,
        /// The address of the one that has it.
        address: String,
    },
    /// A replica that belongs to no fleet has nobody to ask but itself.
    #[error(
        "the only seed is this replica itself, at {0}; name others (--seeds), or give --bootstrap where this is the \
         first replica of a new fleet"
    )]
    OnlyItself(String),
    /// A peer refuses this replica for good, in its own words.
    #[error("refused by a peer: {0}")]
    Refused(String),
    /// The call was meant for another replica.
    #[error(
        "this is replica {me}, not replica {asked}; correct the address of replica {asked} in the peer table"
    )]
    WrongReplica {
        /// The one that was called.
        me: ReplicaId,
        /// The one that was meant.
        asked: u64,
    },
    /// The caller's certificate does not allow the call.
    #[error(
        "this is for {needed}, and the caller shows {holder}; \
         show a certificate of this fleet's CA with the URI {}",
        needed.uri()
    )]
    NotAllowed {
        /// What the call asks for.
        needed: Role,
        /// Who the caller is.
        holder: Holder,
    },
    /// Without TLS nobody knows who calls.
    #[error(
        "this is for {needed}, and without TLS nobody knows who calls; start the replica that was called with \
         --tls-ca, --tls-cert and --tls-key, or with --grpc on a loopback address, or with --trust-network \
         where only its fleet and its operators reach the network"
    )]
    NobodyKnown {
        /// What the call asks for.
        needed: Role,
    },
    /// The caller speaks for another replica.
    #[error(
        "the caller says that it is replica {claimed}, and shows {holder}; \
         give each replica a certificate of its own, with the URI atoll://replica/{claimed} for this one"
    )]
    NotYou {
        /// Whom it speaks for.
        claimed: u64,
        /// Who it is.
        holder: Holder,
    },
    /// The own certificate is for another.
    #[error(
        "this is replica {replica}, and the certificate {} is {holder}; \
         give it a certificate with the URI atoll://replica/{replica}",
        certificate.display()
    )]
    NotMyCertificate {
        /// This replica.
        replica: ReplicaId,
        /// The file.
        certificate: PathBuf,
        /// Whom it was made for.
        holder: Holder,
    },
    /// The caller speaks another protocol.
    #[error("this replica speaks protocol {known} between replicas, not {asked}; update the older program")]
    Protocol {
        /// What this program speaks.
        known: u32,
        /// What the caller speaks.
        asked: u32,
    },
    /// The fleet has reached its maximum size.
    #[error(
        "the peer table is full: a fleet has at most {MAX_MEMBERS} replicas; remove one that is gone for good \
         (remove-peer ID), then try again"
    )]
    NoRoom,
    /// All ids were used: the id of a removed replica is not reused.
    #[error(
        "the peer table is full: a fleet has at most {MAX_ENTRIES} ids in its life, with those of replicas that were \
         removed; add no more to this one: begin another fleet, and copy the objects over as a client (scan, put)"
    )]
    NoIds,
    /// A replica cannot remove itself.
    #[error("replica {0} cannot remove itself, it could tell nobody; ask another replica to remove it")]
    RemoveSelf(ReplicaId),
    /// A message between replicas or from an operator does not hold what it should.
    #[error("{0}")]
    BadMessage(String),
    /// A call to a peer failed.
    #[error("the call failed with {code:?}: {message}")]
    Call {
        /// The code of the status.
        code: Code,
        /// Its message.
        message: String,
    },
    /// The certificates cannot be used.
    #[error("{0}")]
    Tls(String),
    /// The server cannot be started.
    #[error("{0}")]
    Serve(String),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Self {
        Self::Store(error.into())
    }
}

impl From<serve::Error> for Error {
    fn from(error: serve::Error) -> Self {
        Self::Serve(error.to_string())
    }
}
