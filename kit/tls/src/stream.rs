//! What a handshake gives.

use tokio::net::TcpStream;

use crate::holder::{Holder, NoHolder};

/// A TCP connection within TLS, whose other side has shown a certificate of the CA.
pub type Stream = tokio_rustls::TlsStream<TcpStream>;

/// Who holds the certificate that the other side has shown.
pub fn holder(stream: &Stream) -> Holder {
    let (_, connection) = stream.get_ref();
    // Both sides demand a certificate, so there is one.
    let first = connection.peer_certificates().and_then(|certificates| certificates.first());
    first.map_or(Holder::Nobody(NoHolder::Unreadable), Holder::of)
}
