//! The connection to the replica, with or without TLS.

use tls::{Files, Tls};
use tonic::transport::Channel;

use crate::failure::Failure;
use crate::options::Options;

const NO_FILES: &str = "an https:// address needs --tls-ca, --tls-cert and --tls-key; give them, or an \
                        http:// address where the replica is not within TLS";

const NO_HTTPS: &str = "--tls-ca, --tls-cert and --tls-key are given and the address is without TLS; \
                        give --address https://..., or leave them out (ATOLL_TLS_CA and so on too)";

impl Options {
    /// A channel to the requested replica.
    pub(crate) async fn connect(&self) -> Result<Channel, Failure> {
        let (ca, certificate, key) = (self.tls_ca.clone(), self.tls_cert.clone(), self.tls_key.clone());
        let files = Files::all_or_none(ca, certificate, key).map_err(Failure::tls_files)?;
        let endpoint = self.endpoint.clone().connect_timeout(self.timeout);
        match (endpoint.uri().scheme_str() == Some("https"), files) {
            (true, Some(files)) => Ok(load(files).await?.channel(&endpoint, None).await?),
            (false, None) => Ok(endpoint.connect().await?),
            (true, None) => Err(Failure::Usage(NO_FILES.to_owned())),
            (false, Some(_)) => Err(Failure::Usage(NO_HTTPS.to_owned())),
        }
    }
}

async fn load(files: Files) -> Result<Tls, Failure> {
    let loaded = tokio::task::spawn_blocking(|| Tls::load(files)).await;
    let loaded = loaded.map_err(|error| Failure::Usage(format!("the TLS files were not read: {error}")))?;
    loaded.map_err(Failure::tls_files)
}
