//! TLS between replicas, and between a replica and its clients. Both sides show a certificate, and
//! both demand that it was signed by the one CA of the fleet.
//!
//! [`Tls`] is made of three PEM files, which may be replaced while the process runs. It is for
//! HTTP/2: [`Tls::channel`] gives a gRPC client its channel, [`Tls::accept`] a server its streams. A
//! certificate also says what it was made for, see [`Holder`]: a replica, an operator, a client.

mod channel;
mod error;
mod files;
mod holder;
mod stream;
mod tls;

pub use error::{Error, Refusal};
pub use files::Files;
pub use holder::{Holder, NoHolder};
pub use stream::{Stream, holder};
pub use tls::Tls;
