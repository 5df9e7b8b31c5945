//! Channels of gRPC.

use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tonic::codegen::BoxFuture;
use tonic::codegen::http::Uri;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

use crate::error::{Error, Refusal};
use crate::holder::Holder;
use crate::stream::{Stream, holder};
use crate::tls::Tls;

impl Tls {
    /// A channel to the replica at `endpoint`, whose address begins with https:// and ends with a port:
    /// the one with the id `replica`, or whichever it is. Each connection that the channel makes later
    /// has its own handshake, with the files as they are then.
    ///
    /// # Errors
    /// If there is no connection, the handshake failed, or somebody else answers: then an [`Error`] is
    /// among the sources.
    pub async fn channel(
        &self,
        endpoint: &Endpoint,
        replica: Option<u64>,
    ) -> Result<Channel, tonic::transport::Error> {
        let tls = self.clone();
        endpoint.connect_with_connector(service_fn(move |uri| dial(tls.clone(), uri, replica))).await
    }
}

fn dial(
    tls: Tls,
    uri: Uri,
    replica: Option<u64>,
) -> BoxFuture<TokioIo<Stream>, Box<dyn std::error::Error + Send + Sync>> {
    Box::pin(async move {
        // A URI has an IPv6 address in brackets, and a certificate has it without.
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let stream = TcpStream::connect((host, uri.port_u16().unwrap_or(443))).await?;
        stream.set_nodelay(true)?;
        let stream = tls.connect(host, stream).await?;
        check(holder(&stream), replica)?;
        Ok(TokioIo::new(stream))
    })
}

/// Whether a replica answers, and the right one. That its certificate fits the address says less: the
/// address may be another replica's, or a client's machine.
fn check(holder: Holder, replica: Option<u64>) -> Result<(), Error> {
    match (&holder, replica) {
        (Holder::Replica(_), None) => Ok(()),
        (Holder::Replica(id), Some(replica)) if *id == replica => Ok(()),
        _ => {
            let wanted = replica.map_or("ID".to_owned(), |replica| replica.to_string());
            Err(Refusal::WrongHolder { wanted, holder }.into())
        }
    }
}
