//! The server around a service, seen from its clients.

mod deadlines;
mod ends;
mod ids;
mod server;
mod service;
mod spans;
mod words;
