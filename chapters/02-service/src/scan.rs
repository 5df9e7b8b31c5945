//! A scan as a stream.

use proto::kv::v1::{ScanRequest, ScanResponse};
use store::{Scan, Store};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use crate::request::{entry, namespace};
use crate::{Error, Metrics};

/// How many objects are read from the store at once.
const PAGE: usize = 64;

/// How many messages wait between the task that reads the store and the client.
const BUFFER: usize = 16;

/// The messages of one scan.
pub type ScanStream = ReceiverStream<Result<ScanResponse, Status>>;

/// Scans what the request names, no faster than the client reads.
///
/// # Errors
/// Where the namespace is no name. Later errors end the stream.
pub fn scan(store: Store, metrics: Metrics, request: ScanRequest) -> Result<ScanStream, Error> {
    let options = request.options.unwrap_or_default();
    let mut scan = Scan {
        namespace: namespace(&request.namespace)?.into(),
        prefix: request.prefix,
        after: (!request.start_after.is_empty()).then_some(request.start_after),
        limit: PAGE,
        tombstones: options.tombstones,
    };
    // exercise 2.3: A stream that waits for its reader
    //
    // The task below reads the whole namespace into memory before the first message leaves, and
    // does so even when the client is long gone. Let it hold a page and `BUFFER` messages at the
    // most: send each message as its object is read, through a channel that is full when it is
    // full. Where the channel is closed the client went away: end the task. Where the store
    // fails, the error is the stream's last message. Count each message that was sent
    // (`metrics.sent_in_stream("Scan")`) and each object that was read (`metrics.read`).
    let (sender, receiver) = mpsc::channel(1_000_000);
    tokio::spawn(async move {
        let mut responses = Vec::new();
        while let Ok(page) = store.scan(scan.clone()).await {
            for (key, object) in page.objects {
                metrics.read(&object);
                responses.push(ScanResponse { entry: Some(entry(&options, &key, object)) });
            }
            match page.next {
                Some(next) => scan.after = Some(next),
                None => break,
            }
        }
        for response in responses {
            let _ = sender.send(Ok(response)).await;
            metrics.sent_in_stream("Scan");
        }
    });
    Ok(ReceiverStream::new(receiver))
    // end exercise 2.3
}
