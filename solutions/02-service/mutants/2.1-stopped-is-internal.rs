// mutant of 2.1: a stopped engine is INTERNAL
// It is the replica's own fault, after all. But then no client moves on to another replica.
match self {
    Self::NotFound => Code::NotFound,
    Self::BatchTooLong => Code::ResourceExhausted,
    Self::ShuttingDown => Code::Unavailable,
    Self::Store(error) => match error {
        store::Error::EmptyKey
        | store::Error::KeyTooLong(_)
        | store::Error::NamespaceTooLong(_)
        | store::Error::ValueTooLarge(_)
        | store::Error::ZeroLimit => Code::InvalidArgument,
        store::Error::WrongReplica { .. } | store::Error::WrongFormat { .. } => Code::FailedPrecondition,
        store::Error::Held(store::Hold::Joining(_)) => Code::Unavailable,
        store::Error::Held(store::Hold::WentBack(_)) => Code::FailedPrecondition,
        store::Error::NameTooLong { .. } | store::Error::TooManyWriters => Code::FailedPrecondition,
        store::Error::Damaged { .. } | store::Error::Engine(engine::Error::Corrupt { .. }) => Code::DataLoss,
        store::Error::Engine(_) | store::Error::ClockExhausted => Code::Internal,
    },
    _ => Code::InvalidArgument,
}
