//! The messages of Atoll, one module for each protobuf package. Their services are in the crate `rpc`.
//!
//! The code is generated from the `.proto` files beside this crate and
//! committed; `cargo workshop sync` makes it anew.

/// What a replica keeps of an object.
pub mod object {
    /// The first and current version of the package.
    #[allow(missing_docs, clippy::all)]
    pub mod v1 {
        include!("generated/atoll.object.v1.rs");
    }
}

/// The messages of the key-value service.
pub mod kv {
    /// The first and current version of the package.
    #[allow(missing_docs, clippy::all)]
    pub mod v1 {
        include!("generated/atoll.kv.v1.rs");
    }
}

/// The messages of the peers of a replica.
pub mod peer {
    /// The first and current version of the package.
    #[allow(missing_docs, clippy::all)]
    pub mod v1 {
        include!("generated/atoll.peer.v1.rs");
    }
}

/// The messages of streaming replication.
pub mod replication {
    /// The first and current version of the package.
    #[allow(missing_docs, clippy::all)]
    pub mod v1 {
        include!("generated/atoll.replication.v1.rs");
    }
}

/// The messages of anti-entropy.
pub mod antientropy {
    /// The first and current version of the package.
    #[allow(missing_docs, clippy::all)]
    pub mod v1 {
        include!("generated/atoll.antientropy.v1.rs");
    }
}

/// The descriptor set of all packages, as protobuf bytes: what reflection tells a client.
pub const DESCRIPTORS: &[u8] = include_bytes!("generated/descriptors.bin");

/// The descriptor set of the last release. Replicas of that release still talk to this one, so no
/// message may change in a way that they would misread; a check of chapter 02 holds the two side by side.
pub const RELEASED: &[u8] = include_bytes!("../released/descriptors.bin");
