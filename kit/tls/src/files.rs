//! The three files, and what rustls makes of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use rustls::client::Resumption;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, UnixTime};
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::version::TLS13;
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use webpki::{ALL_VERIFICATION_ALGS, EndEntityCert, KeyUsage};

use crate::error::Error;
use crate::holder::{Holder, NoHolder};

/// Where the certificates and the key are, in PEM.
#[derive(Clone, Debug)]
pub struct Files {
    /// The certificate of the CA, or of several, that the other side's certificate must be signed by.
    pub ca: PathBuf,
    /// The certificate of this side, followed by those between it and the CA, if there are any.
    pub certificate: PathBuf,
    /// The private key of that certificate, not encrypted.
    pub key: PathBuf,
}

/// What tells that a file has changed: its modification time and its length in bytes. Nothing where
/// they cannot be read.
pub(crate) type Stamps = [Option<(SystemTime, u64)>; 3];

/// What rustls needs for either side of a connection.
#[derive(Clone)]
pub(crate) struct Configs {
    pub(crate) server: Arc<ServerConfig>,
    pub(crate) client: Arc<ClientConfig>,
    pub(crate) own: Own,
}

/// What the certificate of this side says.
#[derive(Clone, Debug)]
pub(crate) struct Own {
    pub(crate) holder: Holder,
    pub(crate) expires: Option<SystemTime>,
}

impl Files {
    /// The files that a program was given with `--tls-ca`, `--tls-cert` and `--tls-key`; nothing if
    /// it was given none of them, and so no TLS.
    ///
    /// # Errors
    /// If one or two of them are missing.
    pub fn all_or_none(
        ca: Option<PathBuf>,
        certificate: Option<PathBuf>,
        key: Option<PathBuf>,
    ) -> Result<Option<Self>, Error> {
        match (ca, certificate, key) {
            (Some(ca), Some(certificate), Some(key)) => Ok(Some(Self { ca, certificate, key })),
            (None, None, None) => Ok(None),
            (ca, certificate, key) => {
                let given = [("--tls-ca", ca), ("--tls-cert", certificate), ("--tls-key", key)];
                let missing = given.into_iter().filter(|(_, path)| path.is_none()).map(|(name, _)| name);
                Err(Error::Incomplete { missing: missing.collect::<Vec<_>>().join(" and ") })
            }
        }
    }

    pub(crate) fn stamps(&self) -> Stamps {
        [&self.ca, &self.certificate, &self.key].map(|path| {
            let metadata = fs::metadata(path).ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        })
    }

    /// Reads the files. Each handshake is a whole one, so that no session of an older CA is resumed.
    pub(crate) fn read(&self) -> Result<Configs, Error> {
        let provider = Arc::new(ring::default_provider());
        let roots = Arc::new(self.roots()?);
        let chain = certificates(&self.certificate)?;
        let key = private_key(&self.key)?;
        self.check_key(&provider, &key)?;
        let own = Own::read(&chain);

        let unusable_ca = |error: String| Error::Unusable { path: self.ca.clone(), reason: error };
        let verifier = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone())
            .build()
            .map_err(|error| unusable_ca(error.to_string()))?;
        let mut server = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&[&TLS13])
            .map_err(|error| unusable_ca(error.to_string()))?
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain.clone(), key.clone_key())
            .map_err(|error| self.pair(error))?;
        server.alpn_protocols = vec![b"h2".to_vec()];
        server.session_storage = Arc::new(NoServerSessionStorage {});
        server.send_tls13_tickets = 0;

        let mut client = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13])
            .map_err(|error| unusable_ca(error.to_string()))?
            .with_root_certificates(roots)
            .with_client_auth_cert(chain, key)
            .map_err(|error| self.pair(error))?;
        client.alpn_protocols = vec![b"h2".to_vec()];
        client.resumption = Resumption::disabled();
        Ok(Configs { server: Arc::new(server), client: Arc::new(client), own })
    }

    fn roots(&self) -> Result<RootCertStore, Error> {
        let mut roots = RootCertStore::empty();
        for certificate in certificates(&self.ca)? {
            roots
                .add(certificate)
                .map_err(|error| Error::Unusable { path: self.ca.clone(), reason: error.to_string() })?;
        }
        Ok(roots)
    }

    /// Whether the key is one at all: what rustls says of a pair leaves open which of the two is wrong.
    fn check_key(&self, provider: &CryptoProvider, key: &PrivateKeyDer<'static>) -> Result<(), Error> {
        match provider.key_provider.load_private_key(key.clone_key()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Error::Unusable { path: self.key.clone(), reason: error.to_string() }),
        }
    }

    /// What is wrong with the certificate and its key, given that the key is one.
    fn pair(&self, error: rustls::Error) -> Error {
        match error {
            rustls::Error::InconsistentKeys(_) => {
                Error::KeyDoesNotFit { certificate: self.certificate.clone(), key: self.key.clone() }
            }
            error => Error::Unusable { path: self.certificate.clone(), reason: error.to_string() },
        }
    }
}

impl Own {
    fn read(chain: &[CertificateDer<'_>]) -> Self {
        match chain.first() {
            Some(first) => Self { holder: Holder::of(first), expires: expires(first) },
            None => Self { holder: Holder::Nobody(NoHolder::Unreadable), expires: None },
        }
    }
}

/// When a certificate ends. Webpki reads the date and shows it to nobody but in the error of whoever comes too
/// late, so it is asked about the year 9999. It looks at the time before it looks for a CA; none is given to it.
fn expires(certificate: &CertificateDer<'_>) -> Option<SystemTime> {
    let end_of_time = UnixTime::since_unix_epoch(Duration::from_secs(253_402_300_799));
    let certificate = EndEntityCert::try_from(certificate).ok()?;
    let usage = KeyUsage::client_auth();
    match certificate.verify_for_usage(ALL_VERIFICATION_ALGS, &[], &[], end_of_time, usage, None, None) {
        Err(webpki::Error::CertExpired { not_after, .. }) => {
            Some(SystemTime::UNIX_EPOCH + Duration::from_secs(not_after.as_secs()))
        }
        _ => None,
    }
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, Error> {
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(&bytes(path)?)
        .collect::<Result<_, _>>()
        .map_err(|error| not_pem(path, &error))?;
    if certificates.is_empty() {
        return Err(Error::NoCertificate { path: path.to_owned() });
    }
    Ok(certificates)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, Error> {
    PrivateKeyDer::from_pem_slice(&bytes(path)?).map_err(|error| match error {
        pem::Error::NoItemsFound => Error::NoKey { path: path.to_owned() },
        error => not_pem(path, &error),
    })
}

fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|source| Error::Read { path: path.to_owned(), source })
}

/// The words of the library show lines as lists of bytes.
fn not_pem(path: &Path, error: &pem::Error) -> Error {
    let reason = match error {
        pem::Error::MissingSectionEnd { .. } => "a part has no end line",
        pem::Error::IllegalSectionStart { .. } => "a begin line is broken",
        pem::Error::Base64Decode(_) => "a part is no base64",
        _ => "it cannot be read",
    };
    Error::NotPem { path: path.to_owned(), reason: reason.to_owned() }
}
