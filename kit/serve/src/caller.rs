//! Who calls, as far as the connection shows.

use tls::Holder;
use tonic::Extensions;

/// Who has made a request. It is in the extensions of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// It has shown a certificate of the fleet's CA.
    Certified(Holder),
    /// It came without TLS, to a port that only fully trusted callers reach: this machine's
    /// processes, or anybody on a network that the operator trusts.
    Trusted,
    /// It came without TLS, and may be anybody.
    Anonymous,
}

impl Caller {
    /// Who has made the request with these extensions. If they do not say, it may be anybody.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or(Self::Anonymous)
    }
}
