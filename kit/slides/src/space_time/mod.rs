//! A scene as a space-time diagram: replicas are vertical lines, time goes down, slope is latency.
//!
//! What a message says stands where it is sent, on the side of its replica from which no arrow of its own
//! leaves; so texts meet only texts of the same replica and side, and those are kept a row apart.

mod across;
mod down;
mod draw;
mod place;

pub(crate) use draw::svg;

#[cfg(test)]
mod tests;
