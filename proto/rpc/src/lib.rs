//! The services of Atoll, one module for each protobuf package: a trait to implement, a server, a client.
//!
//! Their messages are in the crate `proto`. The code is generated from the `.proto` files and
//! committed; `cargo workshop sync` makes it anew.

/// The key-value service.
pub mod kv {
    /// The first and current version of the package.
    #[allow(missing_docs, clippy::all)]
    pub mod v1 {
        include!("generated/atoll.kv.v1.rs");
    }
}

/// The service of peers.
pub mod peer {
    /// The first and current version of the package.
    #[allow(missing_docs, clippy::all)]
    pub mod v1 {
        include!("generated/atoll.peer.v1.rs");
    }
}

/// The service of streaming replication.
pub mod replication {
    /// The first and current version of the package.
    #[allow(missing_docs, clippy::all)]
    pub mod v1 {
        include!("generated/atoll.replication.v1.rs");
    }
}

/// The service of anti-entropy.
pub mod antientropy {
    /// The first and current version of the package.
    #[allow(missing_docs, clippy::all)]
    pub mod v1 {
        include!("generated/atoll.antientropy.v1.rs");
    }
}
