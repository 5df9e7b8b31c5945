//! 2.1: errors as statuses.

use service::Error;
use store::Hold;
use tonic::Status;

use crate::support::show_status;

#[test]
fn ex_2_1_each_error_has_the_code_that_says_what_to_do() {
    check::promise(
        "From the code alone a client knows whether to mend its request, to try again, or to call for help.",
    );
    let errors = [
        Error::NotFound,
        Error::BadNamespace("Fruit!".into()),
        Error::ReservedNamespace("atoll.peers".into()),
        Error::PageSize(1001),
        Error::ForeignToken,
        Error::StaleToken,
        Error::UnknownAccess,
        Error::BatchTooLong,
        Error::ShuttingDown,
        store::Error::EmptyKey.into(),
        store::Error::KeyTooLong(5000).into(),
        store::Error::NamespaceTooLong(300).into(),
        store::Error::ValueTooLarge(2_000_000).into(),
        store::Error::ZeroLimit.into(),
        store::Error::TooManyWriters.into(),
        store::Error::NameTooLong { what: "region", length: 300 }.into(),
        store::Error::WrongReplica { found: store::ReplicaId(1), asked: store::ReplicaId(2) }.into(),
        store::Error::WrongFormat { found: 9, known: 1 }.into(),
        store::Error::Held(Hold::Joining("its seeds do not answer".into())).into(),
        store::Error::Held(Hold::WentBack("replica 2 knows writes of it up to 9".into())).into(),
        store::Error::damaged(b"o\x05", "it has no version").into(),
        store::Error::ClockExhausted.into(),
        store::Error::Engine(engine::Error::Stopped { reason: "no space left".into() }).into(),
        store::Error::Engine(engine::Error::Closed).into(),
        store::Error::Engine(engine::Error::Locked { dir: "data".into() }).into(),
        store::Error::Engine(engine::Error::Io {
            action: "write 000007.log".into(),
            kind: std::io::ErrorKind::StorageFull,
            message: "no space left on device".into(),
        })
        .into(),
        store::Error::Engine(engine::Error::Corrupt { file: "000005.ldb".into(), what: "cut short".into() })
            .into(),
    ];
    let table: String = errors.into_iter().map(|error| show_status(&Status::from(error)) + "\n").collect();
    check::snapshot!("statuses", table);
}
