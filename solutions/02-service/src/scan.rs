//! A scan as a stream.

use proto::kv::v1::{ScanRequest, ScanResponse};
use serve::{Answers, Memory};
use store::{MAX_KEY, MAX_VALUE, Object, Page, Scan, Store};

use crate::request::{entry, namespace};
use crate::{Error, Metrics};

/// How many objects are read from the store at once.
const PAGE: usize = 64;

/// The most bytes of a page: it ends with the object that makes it larger than a mebibyte.
pub const MAX_PAGE: usize = (1 << 20) + MAX_VALUE + MAX_KEY;

/// How many bytes of messages wait between the task that reads the store and the client.
const BUFFER: usize = 64 * 1024;

/// The messages of one scan.
pub type ScanStream = Answers<ScanResponse>;

/// Scans what the request names, no faster than the client reads.
///
/// # Errors
/// If the namespace is not a valid name. Later errors end the stream.
pub fn scan(
    store: Store,
    metrics: Metrics,
    memory: &Memory,
    request: ScanRequest,
) -> Result<ScanStream, Error> {
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
    // The task below reads the whole namespace into memory before the first message leaves, even when
    // the client is long gone. Let it hold at most a page and `BUFFER` bytes of messages: send each
    // message as its object is read, through a channel whose sender waits when it is full. If `send`
    // fails nobody wants the rest: end the task. If the store fails, the error is the stream's last
    // message. Count each message that was sent (`metrics.sent_in_stream("Scan")`) and each object that
    // was read (`metrics.read`). The page takes memory too, for as long as the client takes to read it:
    // `sender.hold(MAX_PAGE)` counts that many bytes before it is read, until its result is dropped,
    // and fails, like `send`, if the stream has to end; `shrink` reduces that to the page's actual
    // bytes (`size`).
    // starter:
    // | let (sender, answers) = memory.channel(1 << 30);
    // | tokio::spawn(async move {
    // |     let mut responses = Vec::new();
    // |     while let Ok(page) = store.scan(scan.clone()).await {
    // |         for (key, object) in page.objects {
    // |             metrics.read(&object);
    // |             responses.push(ScanResponse { entry: Some(entry(&options, &key, object)) });
    // |         }
    // |         match page.next {
    // |             Some(next) => scan.after = Some(next),
    // |             None => break,
    // |         }
    // |     }
    // |     for response in responses {
    // |         let _ = sender.send(Ok(response)).await;
    // |         metrics.sent_in_stream("Scan");
    // |     }
    // | });
    // | Ok(answers)
    // end starter
    let (sender, answers) = memory.channel(BUFFER);
    tokio::spawn(async move {
        loop {
            let Ok(held) = sender.hold(MAX_PAGE).await else { return };
            let page = match store.scan(scan.clone()).await {
                Ok(page) => page,
                Err(error) => {
                    let _ = sender.send(Err(Error::Store(error).into())).await;
                    return;
                }
            };
            held.shrink(size(&page));
            for (key, object) in page.objects {
                metrics.read(&object);
                let response = ScanResponse { entry: Some(entry(&options, &key, object)) };
                if sender.send(Ok(response)).await.is_err() {
                    return;
                }
                metrics.sent_in_stream("Scan");
            }
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return,
            }
        }
    });
    Ok(answers)
    // end exercise 2.3
}

/// The bytes of a page.
fn size(page: &Page) -> usize {
    let bytes = |object: &Object| object.value().unwrap_or_default().len();
    page.objects.iter().map(|(key, object)| key.key().len() + bytes(object)).sum()
}
