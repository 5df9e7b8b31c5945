//! The live page and the slides in a real browser: what the tests in `tests/` share.

mod browser;
mod demo;
mod places;

pub use browser::Browser;
pub use demo::Demo;
pub use places::{root, target};

/// An error says what was looked for; a test ends with it.
pub type Tested = anyhow::Result<()>;
