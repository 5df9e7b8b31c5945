//! Many writes, answered once.

use prost::Message;
use proto::kv::v1::{BatchRequest, BatchResponse, BatchResult, batch_request, batch_result};
use store::{Key, Object, Store, Write};
use tokio_stream::{Stream, StreamExt};
use tonic::Status;

use crate::request::key;
use crate::{Error, Metrics};

/// The most writes in a batch.
pub const MAX_BATCH: usize = 1_000;

/// How many writes go to disk together. More would make other writers wait longer.
const GROUP: usize = 64;

/// A group with this many bytes is full too: it is in memory until it is written.
const GROUP_BYTES: usize = 1 << 20;

/// What a batch holds in memory at most, besides the messages being read: a group, and its results.
pub const MAX_HELD: usize = 2 * GROUP_BYTES;

/// One write of a batch, checked.
enum Change {
    Put(Key, Vec<u8>),
    Delete(Key),
}

/// Writes what `requests` ask for, in their order; one that is refused does not affect the others.
///
/// # Errors
/// If the stream breaks, the batch is too long, or the engine failed. Earlier writes may be on
/// disk.
pub async fn batch(
    store: Store,
    metrics: Metrics,
    mut requests: impl Stream<Item = Result<BatchRequest, Status>> + Unpin,
) -> Result<BatchResponse, Status> {
    let mut results = Vec::new();
    // exercise 2.4: Many writes, a result for each
    //
    // Take the requests as they come (`requests.next()`), count each (`metrics.received_in_stream
    // ("Batch")`), and write them in groups with `write_group`, which returns a result for each, in
    // order: a sync for every single write would make a batch as slow as its writes one by one.
    // `is_full` says when a group is complete. The client may end its stream anywhere, even in the
    // middle of a group. The results stay in memory until the end, so a batch of more than
    // `MAX_BATCH` ends with `BatchTooLong` as soon as one too many arrives; what came before is on
    // disk by then.
    todo!("exercise 2.4: Many writes, a result for each");
    // end exercise 2.4
    let written = results.iter().filter(|result| is_written(result)).count() as u64;
    let refused = results.iter().filter(|result| is_refused(result)).count() as u64;
    Ok(BatchResponse { results, written, refused })
}

fn is_full(group: &[BatchRequest]) -> bool {
    group.len() == GROUP || group.iter().map(BatchRequest::encoded_len).sum::<usize>() >= GROUP_BYTES
}

/// Writes a group in one transaction, and returns a result for each request, in order.
async fn write_group(
    store: &Store,
    metrics: &Metrics,
    group: Vec<BatchRequest>,
) -> Result<Vec<BatchResult>, Error> {
    let (ids, changes): (Vec<_>, Vec<_>) =
        group.into_iter().map(|request| (request.id, change(request))).unzip();
    let outcomes = store
        .write(move |write| {
            changes.into_iter().map(|change| Ok(apply(write, change))).collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let result = |(id, outcome): (u64, Result<Option<Object>, Error>)| {
        if let Ok(Some(object)) = &outcome {
            metrics.wrote(object);
        }
        let outcome = match outcome {
            Ok(object) => {
                batch_result::Outcome::Metadata(object.map(|object| object.metadata()).unwrap_or_default())
            }
            Err(error) => batch_result::Outcome::Refusal(error.refusal()),
        };
        BatchResult { id, outcome: Some(outcome) }
    };
    Ok(ids.into_iter().zip(outcomes).map(result).collect())
}

fn change(request: BatchRequest) -> Result<Change, Error> {
    match request.write {
        Some(batch_request::Write::Put(put)) => Ok(Change::Put(key(&put.namespace, put.key)?, put.value)),
        Some(batch_request::Write::Delete(delete)) => Ok(Change::Delete(key(&delete.namespace, delete.key)?)),
        None => Err(Error::UnknownAccess),
    }
}

/// What was stored; None if there was nothing to delete.
fn apply(write: &mut Write<'_, '_>, change: Result<Change, Error>) -> Result<Option<Object>, Error> {
    Ok(match change? {
        Change::Put(key, value) => Some(write.put(&key, value)?),
        Change::Delete(key) => write.delete(&key)?,
    })
}

fn is_written(result: &BatchResult) -> bool {
    matches!(&result.outcome, Some(batch_result::Outcome::Metadata(metadata)) if metadata.version.is_some())
}

fn is_refused(result: &BatchResult) -> bool {
    matches!(result.outcome, Some(batch_result::Outcome::Refusal(_)))
}
