//! What the tests share: a replica in memory, clients for it, and ways to show answers.
#![allow(clippy::unwrap_used)]

pub mod descriptors;
pub mod logs;

use std::fmt::Write as _;

use engine::{Engine, MemoryDisk};
use proto::kv::v1::{Entry, PutRequest, Refusal};
use proto::object::v1::Metadata;
use rpc::kv::v1::key_value_client::KeyValueClient;
use rpc::kv::v1::key_value_server::KeyValueServer;
use serve::Shutdown;
use service::{Metrics, Service};
use store::{Identity, Key, ReplicaId, Store};
use tonic::service::Routes;
use tonic::transport::Channel;
use tonic::{Code, Status};

pub type Client = KeyValueClient<Channel>;

/// A replica in memory.
pub struct Node {
    pub disk: MemoryDisk,
    pub store: Store,
    pub metrics: Metrics,
    pub shutdown: Shutdown,
    pub service: Service,
}

impl Node {
    pub async fn start() -> Self {
        let disk = MemoryDisk::new();
        let identity = Identity { replica: ReplicaId(1), region: "us".into(), owner: "ann".into() };
        let store = Store::open(Engine::memory(&disk), identity, Vec::new()).await.unwrap();
        let (metrics, shutdown) = (Metrics::default(), Shutdown::new());
        let service = Service::new(store.clone(), metrics.clone(), shutdown.clone());
        Self { disk, store, metrics, shutdown, service }
    }

    /// A client of the handlers alone.
    pub async fn handlers(&self) -> Client {
        KeyValueClient::new(net::connect(self.handler_routes()).await)
    }

    pub fn handler_routes(&self) -> Routes {
        Routes::new(KeyValueServer::new(self.service.clone()))
    }

    /// A client of all that a server serves: requests are observed, in time, and refused during shutdown.
    pub async fn client(&self) -> Client {
        KeyValueClient::new(net::connect(self.service.routes()).await)
    }

    /// Lets the engine fail from now on, as if its disk had.
    pub fn break_engine(&self) {
        // A memory disk has one engine at a time: the older one finds itself shut out.
        drop(Engine::memory(&self.disk));
    }

    /// Fills the namespace "default" with so many objects, each with a value of so many bytes.
    pub async fn fill(&self, objects: usize, bytes: usize) {
        let fill = self.store.write(move |write| {
            for number in 0..objects {
                write.put(&Key::new("default", format!("key-{number:05}"))?, vec![b'x'; bytes])?;
            }
            Ok(())
        });
        fill.await.unwrap();
    }

    /// The metrics whose names begin with one of `names`, sorted.
    pub async fn metrics(&self, names: &[&str]) -> String {
        let page = self.metrics.page(&self.store).await;
        let mut lines: Vec<_> = page
            .lines()
            .filter(|line| names.iter().any(|name| line.starts_with(name)))
            .map(|line| format!("  {line}\n"))
            .collect();
        lines.sort();
        lines.concat()
    }
}

pub fn put(key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> PutRequest {
    PutRequest { key: key.into(), value: value.into(), ..Default::default() }
}

pub fn show_entry(entry: Option<Entry>) -> String {
    let Some(entry) = entry else { return "no entry".into() };
    let value = entry.value.map_or("no value".into(), |value| format!("\"{}\"", value.escape_ascii()));
    let metadata = entry.metadata.map(|metadata| format!(", {}", show_metadata(Some(metadata))));
    format!("\"{}\" = {value}{}", entry.key.escape_ascii(), metadata.unwrap_or_default())
}

pub fn show_metadata(metadata: Option<Metadata>) -> String {
    let Some(metadata) = metadata else { return "no metadata".into() };
    let mut text = String::new();
    match metadata.version {
        Some(version) => write!(text, "version {}@{}", version.counter, version.replica).unwrap(),
        None => text += "no version",
    }
    if let Some(parent) = metadata.parent {
        write!(text, ", parent {}@{}", parent.counter, parent.replica).unwrap();
    }
    text + if metadata.tombstone { ", tombstone" } else { "" }
}

pub fn show_status(status: &Status) -> String {
    format!("{:?}: {}", status.code(), status.message())
}

pub fn show_refusal(refusal: Refusal) -> String {
    format!("{:?}: {}", Code::from_i32(refusal.code), refusal.message)
}

/// The answer or the status of a call, in one line.
pub fn show<T>(answer: Result<tonic::Response<T>, Status>, words: impl FnOnce(T) -> String) -> String {
    answer.map_or_else(|status| show_status(&status), |response| words(response.into_inner()))
}

/// How many tasks of this test have not ended.
pub fn tasks() -> usize {
    tokio::runtime::Handle::current().metrics().num_alive_tasks()
}

/// Gives all tasks time to do what they can. Tests run in virtual time, so it costs none.
pub async fn settle() {
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
}
