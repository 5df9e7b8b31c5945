//! The handshakes, with the files as they are now.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use rustls::pki_types::ServerName;
use rustls::{AlertDescription, CertificateError};
use tokio::io::AsyncBufReadExt;
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::error::{Error, Refusal};
use crate::files::{Configs, Files, Stamps};
use crate::holder::Holder;
use crate::stream::Stream;

/// How long a handshake may take: a silent peer holds resources no longer.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// TLS with the certificates and the key of this process. Clones share them.
///
/// The files are checked at each handshake, and read again when the modification time or the length
/// of one has changed. A certificate of another [`Holder`] is refused. Open connections are not
/// touched.
#[derive(Clone)]
pub struct Tls(Arc<Shared>);

struct Shared {
    files: Files,
    loaded: Mutex<Loaded>,
}

struct Loaded {
    stamps: Stamps,
    configs: Configs,
}

impl Tls {
    /// TLS with `files`. It reads them, so call it where blocking is allowed: as the process starts.
    ///
    /// # Errors
    /// If a file cannot be read or is not what it should be, or the key does not fit the
    /// certificate.
    pub fn load(files: Files) -> Result<Self, Error> {
        // The stamps come first: a file that changes in between is read again, not missed.
        let stamps = files.stamps();
        let configs = files.read()?;
        Ok(Self(Arc::new(Shared { files, loaded: Mutex::new(Loaded { stamps, configs }) })))
    }

    /// Whom the certificate of this side was made for.
    pub fn holder(&self) -> Holder {
        self.0.loaded().configs.own.holder.clone()
    }

    /// Checks the files now, as each handshake does.
    pub async fn look(&self) {
        self.configs().await;
    }

    /// When the certificate of this side ends, as the files were when they were looked at last. None for one that
    /// cannot be read so far.
    pub fn expires(&self) -> Option<SystemTime> {
        self.0.loaded().configs.own.expires
    }

    /// The server's side of the handshake on a connection that was accepted.
    ///
    /// # Errors
    /// If the client shows no certificate of the CA, refuses that of this side, or has not done its
    /// part after 10 seconds.
    pub async fn accept(&self, stream: TcpStream) -> Result<Stream, Error> {
        let handshake = async {
            let accepted = TlsAcceptor::from(self.configs().await.server).accept(stream).await;
            accepted.map(Stream::from).map_err(|error| self.0.explain(error, ""))
        };
        in_time(handshake).await
    }

    /// The client's side of the handshake on a connection to `host`, a DNS name or an IP address that
    /// stands in the server's certificate. The server must be the first to speak, as in HTTP/2: in TLS
    /// 1.3 a client has done its part before the server looks at the client's certificate (RFC 8446,
    /// section 2), and only the server's first bytes show that it was accepted.
    ///
    /// # Errors
    /// If the server's certificate is not of the CA, or not for `host`, or the server refuses the
    /// certificate of this side, or has not spoken after 10 seconds.
    pub async fn connect(&self, host: &str, stream: TcpStream) -> Result<Stream, Error> {
        let name = ServerName::try_from(host.to_owned());
        let name = name.map_err(|_| Error::Host { host: host.to_owned() })?;
        let handshake = async {
            let connecting = TlsConnector::from(self.configs().await.client).connect(name, stream);
            let greeted = async {
                let mut stream = connecting.await?;
                match stream.fill_buf().await? {
                    [] => Err(io::ErrorKind::UnexpectedEof.into()),
                    _ => Ok(stream),
                }
            };
            greeted.await.map(Stream::from).map_err(|error| self.0.explain(error, host))
        };
        in_time(handshake).await
    }

    async fn configs(&self) -> Configs {
        let shared = self.0.clone();
        match tokio::task::spawn_blocking(move || shared.current()).await {
            Ok(configs) => configs,
            // The runtime is ending, and with it this connection: what it begins with does not matter.
            Err(_) => self.0.loaded().configs.clone(),
        }
    }
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Tls").field(&self.0.files).finish()
    }
}

impl Shared {
    /// What the files hold now, or held when they were last in order.
    fn current(&self) -> Configs {
        let mut loaded = self.loaded();
        let stamps = self.files.stamps();
        if stamps != loaded.stamps {
            // Kept whatever the result: invalid files are reported once.
            loaded.stamps = stamps;
            match self.files.read().and_then(|configs| self.same_holder(&loaded.configs, configs)) {
                Ok(configs) => {
                    tracing::info!(certificate = %self.files.certificate.display(), "TLS files read again");
                    loaded.configs = configs;
                }
                Err(error) => {
                    let source = std::error::Error::source(&error).map(tracing::field::display);
                    tracing::warn!(%error, source, "new TLS files are not taken, the old ones stay in force");
                }
            }
        }
        loaded.configs.clone()
    }

    /// The new files, unless they are somebody else's: two that were given each other's would be taken for
    /// each other.
    fn same_holder(&self, old: &Configs, new: Configs) -> Result<Configs, Error> {
        match old.own.holder == new.own.holder {
            true => Ok(new),
            false => Err(Error::OtherHolder {
                certificate: self.files.certificate.clone(),
                before: old.own.holder.clone(),
                now: new.own.holder,
            }),
        }
    }

    fn loaded(&self) -> std::sync::MutexGuard<'_, Loaded> {
        // Whole at any time, so a panic of another thread leaves it in order.
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a failed handshake means, `host` being the one that was asked for.
    fn explain(&self, error: io::Error, host: &str) -> Error {
        let Some(cause) = error.get_ref().and_then(|cause| cause.downcast_ref::<rustls::Error>()) else {
            return Error::Broken(error);
        };
        let ca = self.files.ca.clone();
        let refusal = match cause {
            rustls::Error::NoCertificatesPresented => Refusal::NoCertificate { ca },
            rustls::Error::InvalidMessage(_) => Refusal::NoTls,
            rustls::Error::InvalidCertificate(reason) => match reason {
                // A CA of the same name but with another key gives a bad signature.
                CertificateError::UnknownIssuer | CertificateError::BadSignature => Refusal::UnknownCa { ca },
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => Refusal::Expired,
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    Refusal::WrongHost { host: host.to_owned() }
                }
                _ => Refusal::Handshake(cause.clone()),
            },
            rustls::Error::AlertReceived(alert) => match refused(*alert) {
                Some(reason) => Refusal::ByOther {
                    certificate: self.files.certificate.clone(),
                    reason: reason.to_owned(),
                },
                None => Refusal::Handshake(cause.clone()),
            },
            _ => Refusal::Handshake(cause.clone()),
        };
        refusal.into()
    }
}

/// What an alert says of the certificate of this side, where it is about that.
fn refused(alert: AlertDescription) -> Option<&'static str> {
    match alert {
        AlertDescription::CertificateExpired => Some("it has expired; renew it"),
        AlertDescription::UnknownCA | AlertDescription::DecryptError => {
            Some("another CA signed it; give both sides certificates of the same CA")
        }
        AlertDescription::BadCertificate
        | AlertDescription::CertificateUnknown
        | AlertDescription::UnsupportedCertificate => {
            Some("it is not for this host or not for this use; the log of the other side says more")
        }
        _ => None,
    }
}

async fn in_time<T>(handshake: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    tokio::time::timeout(HANDSHAKE, handshake).await.unwrap_or(Err(Error::Late(HANDSHAKE)))
}
