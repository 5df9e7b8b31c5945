//! The options that all client commands share.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tonic::Request;
use tonic::metadata::AsciiMetadataValue;
use tonic::transport::Endpoint;

/// Which replica to ask, and how.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// The replica to ask; https:// if it uses TLS
    #[arg(
        long = "address",
        global = true,
        default_value = "http://127.0.0.1:4400",
        value_name = "URL",
        value_parser = endpoint
    )]
    pub endpoint: Endpoint,
    /// The namespace; by default "default"
    #[arg(long, global = true, default_value = "", hide_default_value = true, value_name = "NAME")]
    pub namespace: String,
    /// Print JSON, bytes that are no text as {"hex": ".."}
    #[arg(long, global = true)]
    pub json: bool,
    /// How long to wait for an answer
    ///
    /// A whole scan may take longer, but not the wait for its next entry.
    #[arg(long, global = true, default_value = "10", value_name = "SECONDS", value_parser = seconds)]
    pub timeout: Duration,
    /// An id to look for in the replica's log
    #[arg(long, global = true, value_name = "ID")]
    pub request_id: Option<AsciiMetadataValue>,
    /// The certificate of the CA that signs those of the replicas, for https://
    #[arg(long, global = true, env = "ATOLL_TLS_CA", value_name = "FILE")]
    pub tls_ca: Option<PathBuf>,
    /// The certificate to show to the replica
    #[arg(long, global = true, env = "ATOLL_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The private key of that certificate
    #[arg(long, global = true, env = "ATOLL_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
}

impl Options {
    /// A request that carries its id and its deadline.
    pub(crate) fn request<T>(&self, message: T) -> Request<T> {
        let mut request = self.stream_request(message);
        request.set_timeout(self.timeout);
        request
    }

    /// A request that carries its id. A stream may take long as a whole, so it has no deadline.
    pub(crate) fn stream_request<T>(&self, message: T) -> Request<T> {
        let mut request = Request::new(message);
        if let Some(id) = &self.request_id {
            request.metadata_mut().insert("x-request-id", id.clone());
        }
        request
    }
}

/// An address that a connection can be made to.
pub(crate) fn endpoint(text: &str) -> Result<Endpoint, String> {
    let address = if text.contains("://") { text.to_owned() } else { format!("http://{text}") };
    if !address.starts_with("http://") && !address.starts_with("https://") {
        return Err("an address begins with http://, or with https:// where it is within TLS".to_owned());
    }
    let endpoint = Endpoint::from_shared(address).map_err(|error| error.to_string())?;
    match endpoint.uri().port() {
        Some(_) => Ok(endpoint),
        None => Err("an address ends with a port, as in http://127.0.0.1:4400".to_owned()),
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds
        .filter(|timeout| !timeout.is_zero())
        .ok_or_else(|| "give a number of seconds above 0, such as 2.5".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_port_and_may_leave_out_the_scheme() {
        assert_eq!(endpoint("[::1]:4400").unwrap().uri(), "http://[::1]:4400/");
        assert_eq!(endpoint("http://replica:1").unwrap().uri(), "http://replica:1/");
        assert_eq!(endpoint("https://replica:1").unwrap().uri(), "https://replica:1/");
        for wrong in ["", "replica", "https://replica", "ftp://replica:1", "a b:1"] {
            assert!(endpoint(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_timeout_is_above_zero() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        for wrong in ["0", "-1", "NaN", "inf", "1e300", "10s"] {
            assert!(seconds(wrong).is_err(), "{wrong:?}");
        }
    }
}
