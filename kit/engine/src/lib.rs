//! The storage engine that all chapters build on.
//!
//! An [`Engine`] keeps rows, which are a key and a value, in the order of their keys. Many tasks share one; one thread
//! does the work. An update that has returned is on disk, whole, and stays there: that promise is the only thing the
//! layers above rely on, and the conformance suite in `tests/` checks it for every backend.
//!
//! ```ignore
//! let engine = Engine::leveldb("data").await?;
//! engine.update(|tx| { tx.put(b"key", b"value"); Ok::<_, Error>(()) }).await?;
//! let value = engine.read(|reader| reader.get(b"key")).await?;
//! ```

mod backend;
mod engine;
mod error;
#[cfg(feature = "fjall")]
mod fjall;
mod leveldb;
mod memory;
mod stats;
mod view;
mod worker;

pub use backend::Row;
pub use engine::Engine;
pub use error::Error;
pub use leveldb::LevelDbOptions;
pub use memory::MemoryDisk;
pub use stats::{Queue, Stats};
pub use view::{Reader, Transaction};
