//! Transcripts of tests.
