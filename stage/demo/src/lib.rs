//! Three replicas to look at: a live page, and scripts that play on it.
//!
//! What can be done is a [`command`], one line of text. What happens is an [`event`], and all events make the
//! [`state`]. The `world` owns replicas and network and carries out commands one after the other; `observe`
//! watches them; the [`feed`] is where both tell what happens, and where browsers hear of it.

pub mod command;
pub mod condition;
mod demo;
mod doors;
pub mod event;
pub mod feed;
pub mod history;
mod load;
mod member;
mod observe;
mod order;
mod page;
mod play;
pub mod player;
mod ready;
mod refused;
mod region;
pub mod replay;
mod scenarios;
pub mod script;
mod serve;
mod stage;
pub mod state;
mod stream;
pub mod verdict;
mod wires;
mod words;
mod world;

pub use demo::Demo;
pub use play::{Audience, Unfinished};
pub use refused::Refused;
pub use region::Region;
pub use scenarios::Scenario;
pub use serve::serve;
pub use stage::Start;
pub use words::Unclear;
