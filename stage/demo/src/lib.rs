//! Three replicas to watch: a live page, and scripts that play on it.
//!
//! An action is a [`command`], one line of text. Its effects are [`event`]s, and all events make
//! the [`state`]. The `world` owns replicas and network and executes commands one after another;
//! `observe` watches them; both publish to the [`feed`], and browsers subscribe to it.

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
