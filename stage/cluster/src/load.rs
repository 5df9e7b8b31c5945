//! Clients that write as fast as they are answered.

use std::net::SocketAddr;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use proto::kv::v1::{BatchRequest, GetRequest, PutRequest, ScanRequest, batch_request};
use rpc::kv::v1::key_value_client::KeyValueClient;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tonic::transport::{Channel, Endpoint};

use crate::latency::Latency;

/// How many clients write at once, each on its own connection.
pub const CLIENTS: usize = 64;

/// Bytes of a value.
pub const VALUE: usize = 100;

/// The most writes that a replica takes in one batch.
const BATCH: u64 = 1_000;

/// Puts new keys for `time` from [`CLIENTS`] clients; each waits for the answer to its put before the
/// next. Returns the puts in a second.
///
/// # Errors
/// If a put is refused.
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

/// The key with this number. Keys that follow each other lie far apart, as those of users and sessions do.
fn key(number: u64) -> Vec<u8> {
    format!("{:016x}", number.wrapping_mul(0x9e37_79b9_7f4a_7c15)).into_bytes()
}

/// Puts the keys with these numbers from [`CLIENTS`] clients, each as fast as it is answered.
///
/// # Errors
/// If a put is refused.
pub(crate) async fn put_keys(address: SocketAddr, numbers: Range<u64>) -> Result<Latency> {
    let (next, end) = (Arc::new(AtomicU64::new(numbers.start)), numbers.end);
    calls(address, move |mut replica| {
        let number = next.fetch_add(1, Relaxed);
        async move {
            if number >= end {
                return Ok(false);
            }
            let put = PutRequest { namespace: String::new(), key: key(number), value: vec![b'v'; VALUE] };
            replica.put(put).await.context("a put was refused")?;
            Ok(true)
        }
    })
    .await
}

/// Gets keys with numbers below `held`, any of them, from [`CLIENTS`] clients for `time`.
///
/// # Errors
/// If a key is missing.
pub(crate) async fn get_keys(address: SocketAddr, held: u64, time: Duration) -> Result<Latency> {
    let end = Instant::now() + time;
    calls(address, move |mut replica| async move {
        if Instant::now() >= end {
            return Ok(false);
        }
        let key = key(fastrand::u64(..held));
        let get = GetRequest { namespace: String::new(), key, options: None };
        replica.get(get).await.context("a key that was put is missing")?;
        Ok(true)
    })
    .await
}

/// Reads the first `most` objects in one scan.
///
/// # Errors
/// If there are fewer.
pub(crate) async fn scan(address: SocketAddr, most: u64) -> Result<()> {
    let mut entries = connect(address).await?.scan(ScanRequest::default()).await?.into_inner();
    for read in 0..most {
        let entry = entries.message().await?;
        ensure!(entry.is_some(), "a scan ended after {read} objects of {most}");
    }
    Ok(())
}

/// Has each of [`CLIENTS`] clients call until `call` says that this was no call any more.
async fn calls<F>(
    address: SocketAddr,
    call: impl Fn(KeyValueClient<Channel>) -> F + Clone + Send + 'static,
) -> Result<Latency>
where
    F: Future<Output = Result<bool>> + Send,
{
    let mut clients = JoinSet::new();
    let began = Instant::now();
    for _ in 0..CLIENTS {
        let call = call.clone();
        clients.spawn(async move {
            let replica = connect(address).await?;
            let mut times = Vec::new();
            loop {
                let began = Instant::now();
                if !call(replica.clone()).await? {
                    return anyhow::Ok(times);
                }
                times.push(began.elapsed());
            }
        });
    }
    let times: Vec<Vec<Duration>> = clients.join_all().await.into_iter().collect::<Result<_>>()?;
    Ok(Latency::of(times.concat(), began.elapsed()))
}

async fn connect(address: SocketAddr) -> Result<KeyValueClient<Channel>> {
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?;
    Ok(KeyValueClient::connect(endpoint).await?)
}

/// Puts this many new keys, in batches.
///
/// # Errors
/// If a write is refused.
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
