//! Whom a certificate was made for: what its subject alternative names say of its holder.

use std::fmt;

use rustls::pki_types::CertificateDer;
use webpki::EndEntityCert;

/// What such a name begins with, among whatever other URIs a certificate has.
const SCHEME: &str = "atoll://";

/// Who holds a certificate of the fleet's CA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holder {
    /// `atoll://replica/3`: the replica with this id.
    Replica(u64),
    /// `atoll://operator`: somebody who runs the fleet.
    Operator,
    /// `atoll://client`: a program that reads and writes objects.
    Client,
    /// The CA signed it, and it does not say what for.
    Nobody(NoHolder),
}

/// Why a certificate does not say who holds it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoHolder {
    /// It has no URI of ours.
    #[error("a certificate without a URI atoll://... among its subject alternative names")]
    Unnamed,
    /// It has a URI of ours that means nothing.
    #[error(
        "a certificate with the URI {0:?}, which is none of atoll://client, atoll://operator and \
         atoll://replica/ID with an ID of 1 or more"
    )]
    Unknown(String),
    /// It has two of them.
    #[error("a certificate with two URIs, {0} and {1}, where one may be")]
    Two(Box<Holder>, Box<Holder>),
    /// It cannot be read.
    #[error("a certificate that cannot be read")]
    Unreadable,
}

impl Holder {
    /// The holder of `certificate`, whose signature somebody else has checked.
    pub fn of(certificate: &CertificateDer<'_>) -> Self {
        match EndEntityCert::try_from(certificate) {
            Ok(certificate) => Self::named(certificate.valid_uri_names()),
            Err(_) => Self::Nobody(NoHolder::Unreadable),
        }
    }

    /// The one holder that these names are of. One certificate for two roles would be one that nobody can take
    /// back from one of them, so two are as good as none.
    fn named<'a>(uris: impl Iterator<Item = &'a str>) -> Self {
        let mut found = None;
        for uri in uris.filter(|uri| uri.starts_with(SCHEME)) {
            let Some(holder) = Self::read(uri) else {
                return Self::Nobody(NoHolder::Unknown(uri.to_owned()));
            };
            match found.replace(holder.clone()) {
                Some(first) if first != holder => {
                    return Self::Nobody(NoHolder::Two(Box::new(first), Box::new(holder)));
                }
                _ => {}
            }
        }
        found.unwrap_or(Self::Nobody(NoHolder::Unnamed))
    }

    fn read(uri: &str) -> Option<Self> {
        match uri.strip_prefix(SCHEME)? {
            "client" => Some(Self::Client),
            "operator" => Some(Self::Operator),
            other => {
                let digits = other.strip_prefix("replica/")?;
                let id = digits.parse().ok().filter(|id| *id != 0)?;
                // One spelling for each: "+3" and "03" are numbers too.
                (digits == u64::to_string(&id)).then_some(Self::Replica(id))
            }
        }
    }
}

/// The URI of the certificate, or what is wrong with it.
impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Replica(id) => write!(f, "{SCHEME}replica/{id}"),
            Self::Operator => write!(f, "{SCHEME}operator"),
            Self::Client => write!(f, "{SCHEME}client"),
            Self::Nobody(why) => why.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_and_nothing_else_says_who_it_is() {
        let named = |uris: &[&str]| Holder::named(uris.iter().copied()).to_string();
        assert_eq!(named(&["atoll://replica/3"]), "atoll://replica/3");
        assert_eq!(named(&["spiffe://fleet/de", "atoll://operator", "atoll://operator"]), "atoll://operator");
        assert_eq!(named(&["atoll://client"]), "atoll://client");
        assert_eq!(
            named(&["spiffe://fleet/replica/3"]),
            "a certificate without a URI atoll://... among its subject alternative names"
        );
        for two in [["atoll://client", "atoll://operator"], ["atoll://replica/3", "atoll://replica/4"]] {
            let text = format!("a certificate with two URIs, {} and {}, where one may be", two[0], two[1]);
            assert_eq!(named(&two), text);
        }
        for wrong in
            ["", "replica", "replica/", "replica/0", "replica/03", "replica/+3", "replica/3/", "Client"]
        {
            let uri = format!("{SCHEME}{wrong}");
            assert_eq!(
                Holder::named([uri.as_str(), "atoll://replica/3"].into_iter()),
                Holder::Nobody(NoHolder::Unknown(uri.clone()))
            );
        }
    }
}
