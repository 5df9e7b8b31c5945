//! Who calls, as far as the connection tells.

use tls::Holder;
use tonic::Extensions;

/// Who has made a request. It stands among the extensions of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// It has shown a certificate of the fleet's CA.
    Certified(Holder),
    /// It came without TLS, to a port that is only reached by those who may do everything: this
    /// machine's processes, or whoever is on a network that the operator trusts.
    Trusted,
    /// It came without TLS, and may be anybody.
    Anonymous,
}

impl Caller {
    /// Who has made the request with these extensions. Where nothing tells, it may be anybody.
    pub fn of(extensions: &Extensions) -> Self {
        extensions.get().cloned().unwrap_or(Self::Anonymous)
    }
}
