//! The address at which a replica is reached.

use std::net::IpAddr;

use tonic::transport::{Endpoint, Uri};

use crate::Error;

/// What `address` leads to.
///
/// # Errors
/// Says why nobody can dial it.
pub fn read(address: &str) -> Result<Uri, &'static str> {
    let uri: Uri = address.parse().map_err(|_| "it is no URL")?;
    let host = uri.host().unwrap_or_default();
    let bare = uri.path_and_query().is_none_or(|rest| rest.as_str() == "/");
    let user = uri.authority().is_some_and(|authority| authority.as_str().contains('@'));
    match uri.port_u16() {
        _ if !matches!(uri.scheme_str(), Some("http" | "https")) => Err("it lacks its scheme or its port"),
        None => Err("it lacks its scheme or its port"),
        Some(0) => Err("nobody is reached at port 0"),
        _ if host.is_empty() => Err("it lacks its host"),
        _ if user || !bare => Err("it has more than a scheme, a host and a port"),
        _ if stands_for_all(host) => {
            Err("to listen there is to listen everywhere, and to dial it is to dial oneself")
        }
        Some(_) => Ok(uri),
    }
}

/// The endpoint at `address`.
///
/// # Errors
/// If it is not an http:// or https:// address with a host and a port.
pub fn endpoint(address: &str) -> Result<Endpoint, Error> {
    Ok(read(address).map_err(|reason| bad(address, reason))?.into())
}

/// `address` cannot be dialed, because of `reason`.
pub fn bad(address: &str, reason: &str) -> Error {
    Error::BadAddress { address: address.into(), reason: reason.into() }
}

/// Whether it is the wildcard address, on which a socket listens on all of the machine's.
fn stands_for_all(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse::<IpAddr>().is_ok_and(|address| address.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_scheme_a_host_and_a_port() {
        for right in ["http://us-1:4400", "https://10.0.0.1:1", "http://[::1]:65535", "http://us-1:4400/"] {
            assert!(read(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "junk",
            "::::",
            "us-1:4400",
            "http://us-1",
            "http://:4400",
            "http://us-1:0",
            "http://us-1:65536",
            "ftp://us-1:4400",
            "http://us-1:4400/path",
            "http://us-1:4400?query",
            "http://me@us-1:4400",
            "http://0.0.0.0:4400",
            "http://[::]:4400",
            "http://us 1:4400",
        ] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
