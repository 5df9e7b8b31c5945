//! Clients that write as fast as they are answered.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result};
use proto::kv::v1::{BatchRequest, PutRequest, batch_request};
use rpc::kv::v1::key_value_client::KeyValueClient;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tonic::transport::Endpoint;

/// How many clients write at once, each on a connection of its own.
pub const CLIENTS: usize = 64;

/// Bytes of a value.
pub const VALUE: usize = 100;

/// The most writes that a replica takes in one batch.
const BATCH: u64 = 1_000;

/// Puts new keys for `time` from [`CLIENTS`] clients; each waits for the answer to its put before the
/// next. Returns the puts in a second.
///
/// # Errors
/// Where a put is refused.
pub async fn puts(address: SocketAddr, time: Duration) -> Result<f64> {
    let mut clients = JoinSet::new();
    let began = Instant::now();
    for client in 0..CLIENTS {
        clients.spawn(async move {
            let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
            let mut replica = KeyValueClient::connect(endpoint).await?;
            let mut done = 0_u64;
            while began.elapsed() < time {
                let key = format!("load-{client}-{done}").into_bytes();
                let put = PutRequest { namespace: String::new(), key, value: vec![b'v'; VALUE] };
                replica.put(put).await.context("a put was refused")?;
                done += 1;
            }
            anyhow::Ok(done)
        });
    }
    let done: u64 = clients.join_all().await.into_iter().sum::<Result<u64>>()?;
    Ok(done as f64 / began.elapsed().as_secs_f64())
}

/// Puts so many new keys, in batches.
///
/// # Errors
/// Where a write is refused.
pub async fn fill(address: SocketAddr, objects: u64) -> Result<()> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
    let mut replica = KeyValueClient::connect(endpoint).await?.max_decoding_message_size(usize::MAX);
    for first in (0..objects).step_by(BATCH as usize) {
        let writes: Vec<BatchRequest> = (first..objects.min(first + BATCH))
            .map(|id| {
                let key = format!("object-{id:08}").into_bytes();
                let put = PutRequest { namespace: String::new(), key, value: vec![b'v'; VALUE] };
                BatchRequest { id, write: Some(batch_request::Write::Put(put)) }
            })
            .collect();
        let wanted = writes.len() as u64;
        let answer = replica.batch(tokio_stream::iter(writes)).await?.into_inner();
        anyhow::ensure!(answer.written == wanted, "{} writes were refused", answer.refused);
    }
    Ok(())
}
