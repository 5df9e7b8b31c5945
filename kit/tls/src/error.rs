//! What can be wrong with the files, and with the other side.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::holder::Holder;

/// Why there is no TLS. It names the file, where one is to blame.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not all three files were given.
    #[error("--tls-ca, --tls-cert and --tls-key belong together; give {missing} too, or none of the three")]
    Incomplete {
        /// The options that are missing.
        missing: String,
    },
    /// A file is missing, or this process may not read it.
    #[error("cannot read {}; check the path, and that this process may read the file", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// A file is no PEM.
    #[error("{} is no PEM ({reason}); it must hold -----BEGIN ...----- and -----END ...----- lines", path.display())]
    NotPem {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A file has PEM, if any, of other things than certificates.
    #[error("no certificate in {}; it must hold -----BEGIN CERTIFICATE-----, in PEM", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// A file has PEM, if any, of other things than private keys.
    #[error("no private key in {}; it must hold -----BEGIN PRIVATE KEY-----, in PEM and not encrypted", path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// What stands between the marks of a certificate or a key is none that TLS can use.
    #[error("{} cannot be used: {reason}; create it again", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The private key is not that of the certificate.
    #[error(
        "the key {} does not fit the certificate {}; give the key that the certificate was made for",
        key.display(),
        certificate.display()
    )]
    KeyDoesNotFit {
        /// The file of the certificate.
        certificate: PathBuf,
        /// The file of the key.
        key: PathBuf,
    },
    /// The certificate was replaced by somebody else's.
    #[error(
        "the certificate {} was {before}, and is now {now}; put back one of the same holder, or start again",
        certificate.display()
    )]
    OtherHolder {
        /// The file of the certificate.
        certificate: PathBuf,
        /// Whom the certificate in force was made for.
        before: Holder,
        /// Whom the new one was made for.
        now: Holder,
    },
    /// A host can stand in no certificate.
    #[error("{host:?} is no name that a certificate can be for; give a DNS name or an IP address")]
    Host {
        /// The host that was to be connected to.
        host: String,
    },
    /// The other side took too long.
    #[error("no TLS handshake within {0:?}; check that the other side speaks TLS on this port")]
    Late(Duration),
    /// The connection broke off.
    #[error(
        "the connection broke off in the TLS handshake; check that the other side speaks TLS on this port"
    )]
    Broken(#[source] io::Error),
    /// One side does not trust the other.
    #[error("{0}")]
    Refused(#[from] Refusal),
}

/// Why one side does not trust the other.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Another CA signed the certificate of the other side.
    #[error(
        "the certificate of the other side is not signed by the CA in {}; \
         give both sides certificates of the same CA",
        ca.display()
    )]
    UnknownCa {
        /// The file of the CA.
        ca: PathBuf,
    },
    /// The certificate of the other side is past its time.
    #[error("the certificate of the other side has expired; renew it there")]
    Expired,
    /// The certificate of the other side is for other hosts.
    #[error(
        "the certificate of the other side is not for {host}; connect to a name that stands in it, \
         or add {host} to its subject alternative names"
    )]
    WrongHost {
        /// The host that was asked for.
        host: String,
    },
    /// The certificate of the other side is of the CA, and not of who was asked for.
    #[error(
        "the other side was to show the certificate atoll://replica/{wanted}, and shows {holder}; \
         check the address, and the subject alternative names of its certificate"
    )]
    WrongHolder {
        /// The id of the replica, or ID for any.
        wanted: String,
        /// Who holds the certificate.
        holder: Holder,
    },
    /// The client showed no certificate.
    #[error("the client showed no certificate; give it one that is signed by the CA in {}", ca.display())]
    NoCertificate {
        /// The file of the CA.
        ca: PathBuf,
    },
    /// The other side refused the certificate of this one.
    #[error("the other side refused the certificate {}: {reason}", certificate.display())]
    ByOther {
        /// The file of the certificate.
        certificate: PathBuf,
        /// What to do about it.
        reason: String,
    },
    /// What came is no TLS.
    #[error(
        "the other side does not speak TLS; start both with --tls-ca, --tls-cert and --tls-key, or neither"
    )]
    NoTls,
    /// Anything else that rustls objects to.
    #[error("the TLS handshake failed: {0}")]
    Handshake(rustls::Error),
}
