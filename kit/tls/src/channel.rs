//! Channels of gRPC.

use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tonic::codegen::BoxFuture;
use tonic::codegen::http::Uri;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use crate::stream::Stream;
use crate::tls::Tls;

impl Tls {
    /// A channel to `endpoint`, whose address begins with https:// and ends with a port. Each
    /// connection that the channel makes later has its own handshake, with the files as they are then.
    ///
    /// # Errors
    /// Where there is no connection, or the handshake failed: then an [`Error`](crate::Error) is among the sources.
    pub async fn channel(&self, endpoint: &Endpoint) -> Result<Channel, tonic::transport::Error> {
        let tls = self.clone();
        endpoint.connect_with_connector(service_fn(move |uri| dial(tls.clone(), uri))).await
    }
}

fn dial(tls: Tls, uri: Uri) -> BoxFuture<TokioIo<Stream>, Box<dyn std::error::Error + Send + Sync>> {
    Box::pin(async move {
        // A URI has an IPv6 address in brackets, and a certificate has it without.
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(443))).await?;
        stream.set_nodelay(true)?;
        Ok(TokioIo::new(tls.connect(host, stream).await?))
    })
}
