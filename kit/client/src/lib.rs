//! The client commands of a replica's program.
