//! What can go wrong around a service.

use std::io;
use std::net::SocketAddr;

/// Why a server cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is taken, or not one of this machine's.
    #[error("cannot listen on {address}; stop what listens there, or give another address")]
    Bind {
        /// The address that was asked for.
        address: SocketAddr,
        /// What the operating system says.
        source: io::Error,
    },
    /// The process cannot be told to end cleanly.
    #[error("cannot listen for the signals that end this process: {0}; raise its limit of open files")]
    Signals(io::Error),
    /// The descriptor set that reflection is to show cannot be read.
    #[error("the descriptor set is damaged: {0}; regenerate it from the .proto files")]
    Descriptors(String),
    /// The filter of the log is no filter.
    #[error(
        "the log filter {filter:?} cannot be read: {reason}; \
         write a level (\"info\"), or levels of modules (\"info,h2=warn\")"
    )]
    LogFilter {
        /// The filter that was asked for.
        filter: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The process has a log already.
    #[error("the log was set up before; set it up once, at the start of the program")]
    LogTwice,
}
