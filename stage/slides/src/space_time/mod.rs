//! A scene as a space-time diagram: replicas are vertical lines, time goes down, slope is latency.
//!
//! What a message says stands where it is sent, on the side of its replica from which no arrow of its own
//! leaves, or, of one in the middle, where the fewest arrows pass. So texts meet only texts of the same replica
//! and side, and those are kept a row apart.

mod across;
mod arrow;
mod cross;
mod down;
mod draw;
mod place;
mod text;

pub(crate) use draw::svg;

#[cfg(test)]
mod tests;
