// mutant of 2.1: whatever the store says is INTERNAL
// Only the service's own errors are told apart; a client that sends an empty key is told that the replica is broken.
match self {
    Self::NotFound => Code::NotFound,
    Self::BatchTooLong => Code::ResourceExhausted,
    Self::ShuttingDown => Code::Unavailable,
    Self::Store(_) => Code::Internal,
    _ => Code::InvalidArgument,
}
