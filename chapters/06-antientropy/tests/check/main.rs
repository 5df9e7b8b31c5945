//! The checks of chapter 06.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod support;

mod answers;
mod audit;
mod believed;
mod checks;
mod cuts;
mod damage;
mod fleet;
mod given;
mod past;
mod seeds;
mod sessions;
mod slices;
mod table;
mod ticker;
mod trouble;
mod unseen;
mod word;

#[path = "../../../05-replication/world/parts.rs"]
mod parts;
#[path = "../../world/replica.rs"]
mod replica;
