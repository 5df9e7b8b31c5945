// mutant of 2.1: a failed disk is INTERNAL
// The replica's own disk is the replica's own fault. But the client should simply go elsewhere.
match self {
    Self::NotFound => Code::NotFound,
    Self::BatchTooLong => Code::ResourceExhausted,
    Self::ShuttingDown => Code::Unavailable,
    Self::Store(error) => match error {
        store::Error::KeyTooLong(_) | store::Error::NamespaceTooLong(_) | store::Error::ValueTooLarge(_) => {
            Code::InvalidArgument
        }
        store::Error::EmptyKey | store::Error::ZeroLimit => Code::InvalidArgument,
        store::Error::WrongReplica { .. } | store::Error::WrongFormat { .. } => Code::FailedPrecondition,
        store::Error::Held(store::Hold::Joining(_)) => Code::Unavailable,
        store::Error::Held(store::Hold::WentBack(_)) => Code::FailedPrecondition,
        store::Error::NameTooLong { .. } | store::Error::TooManyWriters => Code::FailedPrecondition,
        store::Error::Damaged { .. } | store::Error::Engine(engine::Error::Corrupt { .. }) => Code::DataLoss,
        store::Error::Engine(engine::Error::Io { .. }) => Code::Internal,
        store::Error::Engine(_) => Code::Unavailable,
        store::Error::ClockExhausted => Code::Internal,
    },
    _ => Code::InvalidArgument,
}
