//! The rows of the diagram.
