// mutant of 2.1: what is too large is RESOURCE_EXHAUSTED
// It sounds right, but to a client that code means: wait and try again. The same value will never fit.
match self {
    Self::NotFound => Code::NotFound,
    Self::BatchTooLong => Code::ResourceExhausted,
    Self::ShuttingDown => Code::Unavailable,
    Self::Store(error) => match error {
        store::Error::KeyTooLong(_) | store::Error::NamespaceTooLong(_) | store::Error::ValueTooLarge(_) => {
            Code::ResourceExhausted
        }
        store::Error::EmptyKey | store::Error::ZeroLimit => Code::InvalidArgument,
        store::Error::WrongReplica { .. } | store::Error::WrongFormat { .. } => Code::FailedPrecondition,
        store::Error::Held(store::Hold::Joining(_)) => Code::Unavailable,
        store::Error::Held(store::Hold::WentBack(_)) => Code::FailedPrecondition,
        store::Error::NameTooLong { .. } | store::Error::TooManyWriters => Code::FailedPrecondition,
        store::Error::Damaged { .. } | store::Error::Engine(engine::Error::Corrupt { .. }) => Code::DataLoss,
        store::Error::Engine(_) => Code::Unavailable,
        store::Error::ClockExhausted => Code::Internal,
    },
    _ => Code::InvalidArgument,
}
