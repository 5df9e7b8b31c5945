//! Chapter 04: what a replica does with a write that another replica made.
//!
//! Read the files in this order: `order` (which of two writes wins), `stamp` and
//! `relation` (what happened between them), `apply` (one object taken in) with
//! `stomp` (what was lost), `knowledge`, `latest` and `records` (what a replica can say
//! of itself and of others), `rule` and `collect` (when a tombstone may go), `went_back` (who is
//! refused), `options` and `merge` (all of it as one value).

mod apply;
mod collect;
mod counts;
mod error;
mod knowledge;
mod latest;
mod merge;
mod options;
mod order;
mod records;
mod relation;
mod reports;
mod rule;
mod stamp;
mod stomp;
mod wall_clock;
mod went_back;

pub use apply::Applied;
pub use collect::Collected;
pub use counts::Counts;
pub use error::Error;
pub use knowledge::{BadKnowledge, Knowledge, MAX_ENTRIES};
pub use merge::Merge;
pub use options::{BadTimes, Options};
pub use order::order;
pub use relation::{Relation, relation};
pub use rule::{Evidence, may_collect};
pub use stamp::Stamp;
pub use stomp::Stomp;
pub use wall_clock::WallClock;
