//! How a channel is opened.

use std::collections::BTreeMap;
use std::error::Error as _;
use std::pin::Pin;
use std::time::Duration;

use proto::peer::v1::Peer;
use tls::Tls;
use tonic::transport::{self, Channel};

use crate::Error;
use crate::address::{self, bad, endpoint};

/// How long connecting may take, without the TLS handshake.
const CONNECT_DEADLINE: Duration = Duration::from_secs(3);

/// After this long without a byte the peer is pinged, and has as long again to answer. A connection
/// whose other end vanished silently would otherwise look idle forever.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

/// A dial in progress.
pub type Dialing = Pin<Box<dyn Future<Output = Result<Channel, Error>> + Send>>;

/// Opens connections. Each attempt ends, with a channel or an error, within its own time limit.
pub trait Dial: Send + Sync + 'static {
    /// Connects to the address of `peer`.
    fn dial(&self, peer: &Peer) -> Dialing;

    /// Whether `address` can be dialed at all, whether or not anybody is there: for an operator's
    /// input, so that an error is reported at once and not in the log of each dial.
    ///
    /// # Errors
    /// Says how to write it.
    fn check(&self, address: &str) -> Result<(), Error> {
        address::read(address).map(drop).map_err(|reason| bad(address, reason))
    }
}

/// Opens connections over TCP, with TLS if the address begins with https://.
///
/// The channel reconnects when its connection breaks. Its calls have their own deadlines.
pub struct TcpDial {
    tls: Option<Tls>,
    ways: BTreeMap<u64, String>,
}

impl TcpDial {
    /// Without `tls`, https:// addresses cannot be dialed.
    pub fn new(tls: Option<Tls>) -> Self {
        Self { tls, ways: BTreeMap::new() }
    }

    /// The same, but a replica in `ways` is dialed at the address there, whatever address it
    /// announces.
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
        let checked = self.check(&peer.address);
        Box::pin(async move {
            checked?;
            let endpoint = endpoint(&peer.address)?
                .connect_timeout(CONNECT_DEADLINE)
                .http2_keep_alive_interval(KEEP_ALIVE)
                .keep_alive_timeout(KEEP_ALIVE)
                .keep_alive_while_idle(true);
            let connected = match tls {
                Some(tls) => {
                    // A seed may be any replica.
                    let replica = (peer.replica != 0).then_some(peer.replica);
                    tls.channel(&endpoint, replica).await
                }
                None => endpoint.connect().await,
            };
            connected.map_err(|error| Error::Unreachable {
                replica: peer.replica,
                address: peer.address,
                reason: root(&error),
            })
        })
    }

    fn check(&self, address: &str) -> Result<(), Error> {
        let uri = address::read(address).map_err(|reason| bad(address, reason))?;
        match (uri.scheme_str() == Some("https"), &self.tls) {
            (true, None) => Err(bad(address, "it is within TLS, and this replica has no certificates")),
            (false, Some(_)) => Err(bad(address, "it is without TLS, and this replica has certificates")),
            (true, Some(_)) | (false, None) => Ok(()),
        }
    }
}

/// The error of the operating system or the handshake, below the layers that wrapped it.
fn root(error: &transport::Error) -> String {
    let first = error.source();
    let last = std::iter::successors(first, |&error| error.source()).last();
    last.map_or_else(|| error.to_string(), ToString::to_string)
}
