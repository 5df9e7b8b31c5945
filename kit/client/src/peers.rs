//! The commands about peers.

use std::fmt::Write as _;
use std::io::Write;

use clap::Subcommand;
use proto::peer::v1::peer_status::Health;
use proto::peer::v1::{
    AddPeerRequest, GetPeersRequest, GetPeersResponse, NetworkStatus, Peer, PeerStatus, RemovePeerRequest,
};
use rpc::peer::v1::peer_management_client::PeerManagementClient;
use serde_json::{Value, json};

use crate::bytes::to_hex;
use crate::failure::Failure;
use crate::options::{Options, endpoint};
use crate::output::{print, version_json, version_text};

/// What to ask a replica about its peers.
#[derive(Subcommand, Clone, Debug)]
pub enum PeerCommand {
    /// Prints the replicas that the replica knows, and their health
    ///
    /// The last line is about the network as a whole.
    Peers {
        /// Only those of one region
        #[arg(long, default_value = "", hide_default_value = true, value_name = "NAME")]
        region: String,
        /// Only the line about the network
        #[arg(long)]
        status_only: bool,
    },
    /// Adds a replica, or changes where it is reached, and prints the version of its entry
    AddPeer {
        /// The id of the replica, 1 or more
        #[arg(value_parser = clap::value_parser!(u64).range(1..))]
        replica: u64,
        /// Where the replicas reach it, as in http://10.0.0.1:4400
        #[arg(value_parser = address, value_name = "URL")]
        address: String,
        /// Its region
        #[arg(long, default_value = "", hide_default_value = true, value_name = "NAME")]
        region: String,
    },
    /// Removes a replica for good, and prints the version of its tombstone
    ///
    /// Its id is not used again.
    RemovePeer {
        /// The id of the replica
        #[arg(value_parser = clap::value_parser!(u64).range(1..))]
        replica: u64,
    },
}

/// Runs `command` and prints its result to `out`.
pub(crate) async fn run(options: &Options, command: PeerCommand, out: &mut dyn Write) -> Result<(), Failure> {
    let mut peers = PeerManagementClient::new(options.connect().await?);
    match command {
        PeerCommand::Peers { region, status_only } => {
            let request = options.request(GetPeersRequest { region, status_only });
            let answer = peers.get_peers(request).await?.into_inner();
            print(options, out, || peers_text(&answer, status_only), || peers_json(&answer))
        }
        PeerCommand::AddPeer { replica, address, region } => {
            let peer = Some(Peer { replica, address, region, ..Peer::default() });
            let answer = peers.add_peer(options.request(AddPeerRequest { peer })).await?.into_inner();
            let json = || json!({ "version": answer.version.as_ref().map(version_json) });
            print(options, out, || version_text(answer.version), json)
        }
        PeerCommand::RemovePeer { replica } => {
            let request = options.request(RemovePeerRequest { replica });
            let answer = peers.remove_peer(request).await?.into_inner();
            let text =
                || answer.version.map_or("nothing to remove".to_owned(), |each| version_text(Some(each)));
            print(options, out, text, || json!({ "version": answer.version.as_ref().map(version_json) }))
        }
    }
}

/// An address as the peer table has it.
fn address(text: &str) -> Result<String, String> {
    Ok(endpoint(text)?.uri().to_string().trim_end_matches('/').to_owned())
}

const HEADER: [&str; 7] =
    ["replica", "region", "address", "health", "round trip", "suspicion", "synchronized"];

/// A table with a line for each peer, what was refused, and the line about the network.
fn peers_text(answer: &GetPeersResponse, status_only: bool) -> String {
    let mut text = String::new();
    if !status_only {
        let rows: Vec<_> = answer.peers.iter().map(row).collect();
        text = table(&rows);
        for status in answer.peers.iter().filter(|status| !status.complaint.is_empty()) {
            let replica = status.peer.as_ref().map_or(0, |peer| peer.replica);
            // To write into a String cannot fail.
            let _ = writeln!(text, "replica {replica}: {}", status.complaint);
        }
    }
    text + &network_text(&answer.network.clone().unwrap_or_default())
}

fn row(status: &PeerStatus) -> [String; 7] {
    let peer = status.peer.clone().unwrap_or_default();
    let suspicion = match status.health() {
        Health::Self_ | Health::Unknown => "-".to_owned(),
        _ => format!("{:.1}", status.suspicion),
    };
    let round_trip = match status.round_trip_micros {
        0 => "-".to_owned(),
        micros => format!("{:.1} ms", micros as f64 / 1000.0),
    };
    [
        peer.replica.to_string(),
        peer.region,
        peer.address,
        health(status),
        round_trip,
        suspicion,
        ago(status.synchronized_seconds_ago),
    ]
}

/// Columns as wide as their widest entry, two spaces apart.
fn table(rows: &[[String; 7]]) -> String {
    let header = HEADER.map(str::to_owned);
    let lines = || std::iter::once(&header).chain(rows);
    let widths: [usize; 7] = std::array::from_fn(|column| {
        lines().map(|line| line[column].chars().count()).max().unwrap_or_default()
    });
    lines().fold(String::new(), |text, line| {
        let cells = line.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        text + cells.collect::<Vec<_>>().join("  ").trim_end() + "\n"
    })
}

fn network_text(network: &NetworkStatus) -> String {
    let regions: Vec<_> =
        network.regions.iter().map(|region| format!("{} {}", region.region, region.replicas)).collect();
    format!(
        "network of {}: {}; last synchronization {}",
        network.size,
        regions.join(", "),
        ago(network.synchronized_seconds_ago)
    )
}

fn ago(seconds: Option<u64>) -> String {
    seconds.map_or("-".to_owned(), |seconds| format!("{seconds} s ago"))
}

/// "alive" for HEALTH_ALIVE.
fn health(status: &PeerStatus) -> String {
    let name = status.health().as_str_name();
    name.strip_prefix("HEALTH_").unwrap_or(name).to_lowercase()
}

fn peers_json(answer: &GetPeersResponse) -> Value {
    let network = answer.network.clone().unwrap_or_default();
    let regions: Vec<_> = network
        .regions
        .iter()
        .map(|region| json!({ "region": region.region, "replicas": region.replicas }))
        .collect();
    json!({
        "peers": answer.peers.iter().map(peer_json).collect::<Vec<_>>(),
        "network": {
            "size": network.size,
            "regions": regions,
            "synchronized_seconds_ago": network.synchronized_seconds_ago,
        },
    })
}

fn peer_json(status: &PeerStatus) -> Value {
    let peer = status.peer.clone().unwrap_or_default();
    json!({
        "replica": peer.replica,
        "address": peer.address,
        "region": peer.region,
        "directory": to_hex(&peer.directory),
        "health": health(status),
        "round_trip_micros": status.round_trip_micros,
        "suspicion": status.suspicion,
        "synchronized_seconds_ago": status.synchronized_seconds_ago,
        "complaint": status.complaint,
    })
}
