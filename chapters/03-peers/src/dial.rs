//! How a channel is made.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::pin::Pin;
use std::time::Duration;

use proto::peer::v1::Peer;
use tls::Tls;
use tonic::transport::{self, Channel, Endpoint};

use crate::Error;

/// How long a connection may take to come about, the handshake of TLS not counted.
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);

/// After so long without a byte from the peer it is asked for a sign of life, and has as long again to
/// give it. A connection whose other end vanished without a word would else look idle for ever.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// A dial under way.
pub type Dialing = Pin<Box<dyn Future<Output = Result<Channel, Error>> + Send>>;

/// Makes connections. Each ends, with a channel or an error, within a time that it sets itself.
pub trait Dial: Send + Sync + 'static {
    /// Connects to the address of `peer`.
    fn dial(&self, peer: &Peer) -> Dialing;
}

/// Makes connections over TCP, within TLS where the address begins with https://.
///
/// The channel makes the connection anew when it breaks. Its calls have the deadlines that they carry.
pub struct TcpDial {
    tls: Option<Tls>,
    ways: BTreeMap<u64, String>,
}

impl TcpDial {
    /// Without `tls`, https:// addresses cannot be dialed.
    pub fn new(tls: Option<Tls>) -> Self {
        Self { tls, ways: BTreeMap::new() }
    }

    /// The same, but a replica in `ways` is dialed at the address there, whatever it says of itself.
    #[must_use]
    pub fn through(self, ways: impl IntoIterator<Item = (u64, String)>) -> Self {
        Self { ways: ways.into_iter().collect(), ..self }
    }
}

impl Dial for TcpDial {
    fn dial(&self, peer: &Peer) -> Dialing {
        let (tls, mut peer) = (self.tls.clone(), peer.clone());
        if let Some(way) = self.ways.get(&peer.replica) {
            peer.address.clone_from(way);
        }
        Box::pin(async move {
            let endpoint = endpoint(&peer.address)?
                .connect_timeout(CONNECT_DEADLINE)
                .http2_keep_alive_interval(KEEP_ALIVE)
                .keep_alive_timeout(KEEP_ALIVE)
                .keep_alive_while_idle(true);
            let encrypted = endpoint.uri().scheme_str() == Some("https");
            let connected = match (encrypted, tls) {
                (true, Some(tls)) => {
                    // A seed may be any replica.
                    let replica = (peer.replica != 0).then_some(peer.replica);
                    tls.channel(&endpoint, replica).await
                }
                (false, None) => endpoint.connect().await,
                (true, None) => {
                    return Err(bad(&peer.address, "it is within TLS, and this replica has no certificates"));
                }
                (false, Some(_)) => {
                    return Err(bad(&peer.address, "it is without TLS, and this replica has certificates"));
                }
            };
            connected.map_err(|error| Error::Unreachable {
                replica: peer.replica,
                address: peer.address,
                reason: root(&error),
            })
        })
    }
}

/// The endpoint at `address`.
///
/// # Errors
/// Where it is no http:// or https:// address with a port.
pub(crate) fn endpoint(address: &str) -> Result<Endpoint, Error> {
    let endpoint = Endpoint::from_shared(address.to_owned()).map_err(|error| bad(address, &root(&error)))?;
    let uri = endpoint.uri();
    if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.port().is_none() {
        return Err(bad(address, "it lacks its scheme or its port"));
    }
    Ok(endpoint)
}

fn bad(address: &str, reason: &str) -> Error {
    Error::BadAddress { address: address.into(), reason: reason.into() }
}

/// What the operating system or the handshake said, below the layers that passed it on.
fn root(error: &transport::Error) -> String {
    let first = error.source();
    let last = std::iter::successors(first, |&error| error.source()).last();
    last.map_or_else(|| error.to_string(), ToString::to_string)
}
