//! A replica's options. Each can also come from the environment.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serve::LogFormat;
use tls::Files;

use crate::address::endpoint;
use crate::{Error, Seeds, Sources};

/// The options of a replica's process.
#[derive(clap::Args, Clone, Debug)]
pub struct Options {
    /// The directory of the data; created if missing
    #[arg(env = "ATOLL_DIRECTORY")]
    pub directory: PathBuf,
    /// Where gRPC is served
    #[arg(long, env = "ATOLL_GRPC", default_value = "127.0.0.1:4400", value_name = "ADDRESS")]
    pub grpc: SocketAddr,
    /// Where /metrics, /healthz and /readyz are served
    #[arg(long, env = "ATOLL_HTTP", default_value = "127.0.0.1:4480", value_name = "ADDRESS")]
    pub http: SocketAddr,
    /// Where other replicas reach this one; by default where it serves gRPC
    #[arg(long, env = "ATOLL_ADVERTISE", value_name = "URL")]
    pub advertise: Option<String>,
    /// The id of this replica, 1 or more; a directory keeps the one that it was created with
    #[arg(long, env = "ATOLL_REPLICA", value_name = "ID")]
    pub replica: Option<String>,
    /// The id is this number plus the one at the end of the host name, as a StatefulSet gives it
    #[arg(long, env = "ATOLL_REPLICA_BASE", value_name = "NUMBER")]
    pub replica_base: Option<u64>,
    /// The name of this machine; by default HOSTNAME
    #[arg(long, env = "ATOLL_HOST_NAME", value_name = "NAME")]
    pub host_name: Option<String>,
    /// A file that holds the id
    #[arg(long, env = "ATOLL_REPLICA_FILE", value_name = "FILE")]
    pub replica_file: Option<PathBuf>,
    /// A table of the fleet: a line "replica region address host" for each replica
    #[arg(long, env = "ATOLL_FLEET", value_name = "FILE")]
    pub fleet: Option<PathBuf>,
    /// Its region; by default from the table of the fleet, or "local"
    #[arg(long, env = "ATOLL_REGION", value_name = "NAME")]
    pub region: Option<String>,
    /// Who is responsible for what it writes
    #[arg(long, env = "ATOLL_OWNER", default_value = "me", value_name = "NAME")]
    pub owner: String,
    /// Addresses to ask for the other replicas, separated by commas
    #[arg(long, env = "ATOLL_SEEDS", value_delimiter = ',', value_name = "URL")]
    pub seeds: Vec<String>,
    /// A name and port; its addresses, resolved each time, are asked for the other replicas
    #[arg(long, env = "ATOLL_SEED_DNS", value_name = "NAME:PORT", value_parser = name_and_port)]
    pub seed_dns: Option<String>,
    /// Begin a fleet once all seeds have answered that they have none: for the first replica of a new one, and no other
    #[arg(long, env = "ATOLL_BOOTSTRAP")]
    pub bootstrap: bool,
    /// The seconds between two pings of a peer
    #[arg(long, env = "ATOLL_PING_INTERVAL", default_value = "1", value_name = "SECONDS", value_parser = seconds)]
    pub ping_interval: Duration,
    /// Dials a peer at this address, whatever the peer announces: for a proxy
    #[arg(long, env = "ATOLL_DIAL", value_delimiter = ',', value_name = "ID=URL", value_parser = way, hide = true)]
    pub dial: Vec<(u64, String)>,
    /// How the log is written
    #[arg(long, env = "ATOLL_LOG", value_enum, default_value = "human")]
    pub log: LogFormat,
    /// What is logged: a level, and levels of modules; service=info has a line for each request
    #[arg(long, env = "ATOLL_LOG_FILTER", default_value = "info,service=warn", value_name = "FILTER")]
    pub log_filter: String,
    /// How long requests in flight may take to finish after a signal, in seconds
    #[arg(long, env = "ATOLL_GRACE", default_value = "10", value_name = "SECONDS", value_parser = seconds)]
    pub grace: Duration,
    /// Without TLS, on an address that is not loopback: anybody who reaches the port may do
    /// everything
    #[arg(long, env = "ATOLL_TRUST_NETWORK")]
    pub trust_network: bool,
    /// The certificates that sign those of the replicas; with it all connections are encrypted
    #[arg(long, env = "ATOLL_TLS_CA", value_name = "FILE")]
    pub tls_ca: Option<PathBuf>,
    /// The certificate of this replica, with the URI atoll://replica/ID among its subject alternative names
    #[arg(long, env = "ATOLL_TLS_CERT", value_name = "FILE")]
    pub tls_cert: Option<PathBuf>,
    /// The private key of that certificate
    #[arg(long, env = "ATOLL_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
}

impl Options {
    /// Every source that may say which replica this is.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub fn sources(&self) -> Result<Sources, Error> {
        // Kubernetes sets HOSTNAME to the pod's name.
        let host_name = self.host_name.clone().or_else(|| std::env::var("HOSTNAME").ok());
        Ok(Sources {
            replica: self.replica.clone(),
            host_name: host_name.unwrap_or_default(),
            replica_base: self.replica_base,
            file: self.replica_file.as_deref().map(read).transpose()?,
            fleet: self.fleet.as_deref().map(read).transpose()?,
        })
    }

    /// The TLS files, if any.
    ///
    /// # Errors
    /// If one or two of the three are missing.
    pub fn tls_files(&self) -> Result<Option<Files>, Error> {
        let files = Files::all_or_none(self.tls_ca.clone(), self.tls_cert.clone(), self.tls_key.clone());
        files.map_err(|error| Error::Tls(error.to_string()))
    }

    pub(crate) fn seeds(&self, tls: bool) -> Seeds {
        // An empty environment variable gives one without a name.
        let list = self.seeds.iter().filter(|seed| !seed.is_empty()).cloned().collect();
        Seeds {
            list,
            dns: self.seed_dns.clone().filter(|name| !name.is_empty()),
            tls,
            bootstrap: self.bootstrap,
        }
    }
}

/// A file and its contents. It is read before anything else runs, so it may block.
fn read(path: &Path) -> Result<(PathBuf, String), Error> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok((path.to_owned(), text)),
        Err(error) => Err(Error::File { path: path.to_owned(), reason: error.to_string() }),
    }
}

/// The id of a peer, and where to dial it.
fn way(text: &str) -> Result<(u64, String), String> {
    let (id, address) = text.split_once('=').ok_or("give an id and an address: 2=http://127.0.0.1:4402")?;
    let id = id.parse().map_err(|_| format!("{id:?} is not the id of a replica: give a number"))?;
    endpoint(address).map_err(|error| error.to_string())?;
    Ok((id, address.to_owned()))
}

/// A name to look up, and the port to use with its addresses.
fn name_and_port(text: &str) -> Result<String, String> {
    let port =
        text.rsplit_once(':').filter(|(name, _)| !name.is_empty()).map(|(_, port)| port.parse::<u16>());
    match port {
        _ if text.is_empty() => Ok(String::new()),
        Some(Ok(1..)) if !text.contains("://") => Ok(text.to_owned()),
        _ => Err("give a name and a port, such as atoll.default.svc.cluster.local:4400".to_owned()),
    }
}

/// More seconds than makes sense for any limit here; clocks overflow far beyond.
const YEAR: f64 = 31_536_000.0;

/// A number of seconds above 0, as this layer and those above accept it.
///
/// # Errors
/// Says what to give instead.
pub fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| (0.0..=YEAR).contains(seconds));
    seconds
        .map(Duration::from_secs_f64)
        .filter(|time| !time.is_zero())
        .ok_or_else(|| format!("give a number of seconds above 0, such as 0.5, and up to {YEAR}"))
}

/// The same, in whole seconds.
///
/// # Errors
/// Says what to give instead.
pub fn whole_seconds(text: &str) -> Result<u64, String> {
    let seconds = text.parse().ok().filter(|seconds| (1..=YEAR as u64).contains(seconds));
    seconds.ok_or_else(|| format!("give a whole number of seconds, 1 or more, and up to {YEAR}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_looked_up_with_its_port() {
        for right in ["", "atoll:4400", "10.0.0.1:1", "[::1]:4400"] {
            assert_eq!(name_and_port(right).as_deref(), Ok(right));
        }
        for wrong in ["atoll", "atoll:", ":4400", "atoll:0", "atoll:65536", "http://atoll:4400"] {
            assert!(name_and_port(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn no_time_and_all_time_are_no_limits() {
        assert_eq!(seconds("0.5"), Ok(Duration::from_millis(500)));
        assert_eq!(seconds("31536000").map(|time| time.as_secs()), Ok(31_536_000));
        for wrong in ["0", "-1", "1e-30", "31536001", "1e300", "18446744073709551615", "NaN", "inf", "", "1s"]
        {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
        assert_eq!(whole_seconds("1"), Ok(1));
        for wrong in ["0", "-1", "0.5", "31536001", "18446744073709551615", "99999999999999999999", ""] {
            assert!(whole_seconds(wrong).is_err(), "{wrong}");
        }
    }
}
