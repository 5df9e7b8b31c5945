//! Turns each deck in `slides/` into one self-contained page: no network, no server, no other file.

mod assets;
mod bars;
mod block;
mod build;
mod code;
mod fence;
mod figure;
mod fit;
mod glyphs;
mod html;
mod index;
mod markdown;
mod measure;
mod npm;
mod page;
mod part;
mod pdf;
mod scene;
mod script;
mod space_time;
mod text_diagram;

pub use build::{Built, build};
pub use pdf::pdf;

#[cfg(test)]
mod tests;
