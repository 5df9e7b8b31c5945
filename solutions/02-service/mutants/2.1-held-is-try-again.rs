// mutant of 2.1: a held replica is UNAVAILABLE, whatever the reason
// Another replica does take the write. But whoever calls this one again and again waits for something that never comes.
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
        store::Error::NameTooLong { .. } | store::Error::TooManyWriters => Code::FailedPrecondition,
        store::Error::Damaged { .. } | store::Error::Engine(engine::Error::Corrupt { .. }) => Code::DataLoss,
        store::Error::Held(_) | store::Error::Engine(_) => Code::Unavailable,
        store::Error::ClockExhausted => Code::Internal,
    },
    _ => Code::InvalidArgument,
}
