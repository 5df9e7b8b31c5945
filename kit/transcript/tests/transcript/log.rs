//! Transcripts from logs.
