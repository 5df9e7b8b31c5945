//! What a handshake gives.

use tokio::net::TcpStream;

/// A TCP connection within TLS, whose other side has shown a certificate of the CA.
pub type Stream = tokio_rustls::TlsStream<TcpStream>;
