//! What the tests share: replicas in memory, entries of the table, and ways to show them.

use std::fmt::Write as _;
use std::time::Duration;

use engine::{Engine, MemoryDisk};
use peers::{Error, Merged, Peer, Table};
use prost::Message;
use proto::object::v1 as wire;
use proto::peer::v1::PeerEntry;
use store::{Identity, ReplicaId, Store};

/// A replica as it announces itself: its directory is its id, sixteen times.
pub fn peer(replica: u64, region: &str) -> Peer {
    let address = format!("http://{region}-{replica}:4400");
    Peer { replica, address, region: region.into(), directory: vec![replica as u8; 16], run: Vec::new() }
}

/// The same replica id, out of another data directory.
pub fn impostor(of: &Peer, directory: u8) -> Peer {
    Peer { address: "http://copy:4400".into(), directory: vec![directory; 16], ..of.clone() }
}

pub async fn store(replica: u64) -> Store {
    let identity = Identity { replica: ReplicaId(replica), region: "us".into(), owner: "ann".into() };
    Store::open(Engine::memory(&MemoryDisk::new()), identity, Vec::new()).await.unwrap()
}

/// A replica's table, in a store of its own.
pub async fn table(me: Peer) -> (Store, Table) {
    let store = store(me.replica).await;
    (store.clone(), Table::open(store, me).await.unwrap())
}

/// An entry with a version that no store gave.
pub fn entry(peer: Option<Peer>, replica: u64, (counter, writer): (u64, u64)) -> PeerEntry {
    let version = wire::Version { counter, replica: writer };
    let metadata = wire::Metadata {
        version: Some(version),
        vector: vec![version],
        tombstone: peer.is_none(),
        ..wire::Metadata::default()
    };
    let value = peer.map(|peer| peer.encode_to_vec()).unwrap_or_default();
    PeerEntry { replica, object: Some(wire::Object { metadata: Some(metadata), value }) }
}

/// The entries of a table, a line each, ascending by id.
pub fn show_entries(mut entries: Vec<PeerEntry>) -> String {
    entries.sort_by_key(|entry| entry.replica);
    let mut text = String::new();
    for entry in entries {
        let object = entry.object.unwrap_or_default();
        let metadata = object.metadata.unwrap_or_default();
        let version = metadata.version.unwrap_or_default();
        let words = if metadata.tombstone {
            "removed".into()
        } else {
            let peer = Peer::decode(&*object.value).unwrap();
            let directory = peer.directory.first().map_or("-".into(), |byte| format!("{byte:02x}.."));
            format!("{}, region {:?}, directory {directory}", peer.address, peer.region)
        };
        writeln!(text, "  {}  {}@{}  {words}", entry.replica, version.counter, version.replica).unwrap();
    }
    text
}

pub async fn show_table(store: &Store, table: &Table) -> String {
    let clock = store.clock().await.unwrap();
    format!("{}  clock {clock}\n", show_entries(table.entries().await.unwrap()))
}

pub fn show_merged(merged: Result<Merged, Error>) -> String {
    match merged {
        Ok(Merged { stored, conflicts, standing, ignored, no_room }) => {
            let stored: Vec<_> = stored.iter().map(ReplicaId::to_string).collect();
            let conflicts: String =
                conflicts.iter().map(|conflict| format!("\n  conflict: {conflict}")).collect();
            let left_out = match (ignored, no_room) {
                (0, 0) => String::new(),
                _ => format!(", ignored {ignored}, no room for {no_room}"),
            };
            format!("stored [{}], {standing:?}{left_out}{conflicts}\n", stored.join(" "))
        }
        Err(error) => format!("refused: {error}\n"),
    }
}

/// A duration in whole milliseconds.
pub fn ms(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

pub fn show_status(status: &tonic::Status) -> String {
    format!("{:?}: {}", status.code(), status.message())
}

/// Pings each second, and no seeds.
pub fn quiet() -> peers::Settings {
    peers::Settings { interval: Duration::from_secs(1), seeds: peers::Seeds::default() }
}
