//! Many objects, in the order of their keys.

use engine::Reader;
use proto::object::v1::Counts;

use crate::{Error, Key, MAX_NAMESPACE, Object, Store, key, store};

/// The most records that are read from the engine at once. Other callers have their turn between
/// chunks, however long the scan.
const CHUNK: usize = 128;

/// A page ends when its keys, values and vectors hold this many bytes, if it isn't full before.
const PAGE_BYTES: usize = 1 << 20;

/// What to scan.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scan {
    /// The namespace.
    pub namespace: Vec<u8>,
    /// Only keys that begin with these bytes.
    pub prefix: Vec<u8>,
    /// Only keys after this one.
    pub after: Option<Vec<u8>>,
    /// The most objects that a page holds; 1 or more.
    pub limit: usize,
    /// Whether tombstones are returned.
    pub tombstones: bool,
}

/// Some of the objects of a scan, in the order of their keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The objects.
    pub objects: Vec<(Key, Object)>,
    /// Where there are more: the key to scan on after.
    pub next: Option<Vec<u8>>,
    /// Of the keys, values and vectors that were pushed.
    bytes: usize,
}

impl Page {
    /// Adds an object at the end.
    fn push(&mut self, key: Key, object: Object) {
        self.bytes += key.key().len() + object.value().unwrap_or_default().len() + object.vector.most_bytes();
        self.objects.push((key, object));
    }

    /// Whether another object would be too many.
    fn is_full(&self, limit: usize) -> bool {
        self.objects.len() >= limit || self.bytes >= PAGE_BYTES
    }
}

impl Store {
    /// One page of a scan, of at most `limit` objects and about a mebibyte of keys, values and vectors.
    ///
    /// A scan is no snapshot: each object is as it was when its page was read.
    ///
    /// # Errors
    /// Where the limit is 0, the namespace too long, or a record cannot be read.
    pub async fn scan(&self, mut scan: Scan) -> Result<Page, Error> {
        if scan.limit == 0 {
            return Err(Error::ZeroLimit);
        }
        let mut page = Page::default();
        let mut after = scan.after.take();
        // exercise 1.4: Scan past tombstones, page by page
        //
        // `chunk` gives the next records after a key (pass it `after.take()`), tombstones among
        // them, and nothing at the end. Fill the page with `push`: leave tombstones out where they
        // were not asked for, and go on reading until the page `is_full` or the records end. `next`
        // is the key after which the next page begins: there is one if, and only if, an object
        // stands behind the last of this page.
        loop {
            let chunk = self.chunk(&scan, after.take()).await?;
            let Some((last, _)) = chunk.last() else {
                return Ok(page);
            };
            after = Some(last.key().to_vec());
            for (key, object) in chunk {
                if object.is_tombstone() && !scan.tombstones {
                    continue;
                }
                if page.is_full(scan.limit) {
                    page.next = page.objects.last().map(|(last, _)| last.key().to_vec());
                    return Ok(page);
                }
                page.push(key, object);
            }
        }
        // end exercise 1.4
    }

    /// How many objects and tombstones of `namespace` have keys that begin with `prefix`. Reads
    /// them all.
    ///
    /// # Errors
    /// Where the namespace is too long, or a record cannot be read.
    pub async fn count(&self, namespace: &[u8], prefix: &[u8]) -> Result<Counts, Error> {
        let all =
            Scan { namespace: namespace.into(), prefix: prefix.into(), limit: CHUNK, ..Scan::default() };
        let (mut counts, mut after) = (Counts::default(), None);
        loop {
            let chunk = self.chunk(&all, after.take()).await?;
            let Some((last, _)) = chunk.last() else {
                return Ok(counts);
            };
            after = Some(last.key().to_vec());
            let tombstones = chunk.iter().filter(|(_, object)| object.is_tombstone()).count() as u64;
            counts.tombstones += tombstones;
            counts.objects += chunk.len() as u64 - tombstones;
        }
    }

    /// The next records of the scan's namespace and prefix after the key `after`, tombstones
    /// included. Only at the end there are none.
    async fn chunk(&self, scan: &Scan, after: Option<Vec<u8>>) -> Result<Vec<(Key, Object)>, Error> {
        if scan.namespace.len() > MAX_NAMESPACE {
            return Err(Error::NamespaceTooLong(scan.namespace.len()));
        }
        let after = after.map(|after| key::encode(&scan.namespace, &after));
        let prefix = key::encode(&scan.namespace, &scan.prefix);
        // One more than the page holds tells whether another page follows.
        let limit = scan.limit.saturating_add(1).min(CHUNK);
        self.engine.read(move |reader| read_chunk(reader, &prefix, after.as_deref(), limit)).await
    }
}

fn read_chunk(
    reader: &mut Reader<'_>,
    prefix: &[u8],
    after: Option<&[u8]>,
    limit: usize,
) -> Result<Vec<(Key, Object)>, Error> {
    let mut objects = Vec::new();
    for (record, bytes) in reader.scan(prefix, after, limit)? {
        let key = Key::decode(&record)?;
        if let Some(object) = store::object(Some(bytes), &key)? {
            objects.push((key, object));
        }
    }
    Ok(objects)
}
