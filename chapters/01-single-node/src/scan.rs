//! Many objects, in the order of their keys.

use engine::Reader;
use proto::object::v1::Counts;

use crate::damage::readable;
use crate::{Error, Key, MAX_NAMESPACE, Object, Store, key};

/// The most records that are read from the engine at once. Other callers get a turn between chunks,
/// however long the scan.
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
    /// If there are more: the key after which to continue.
    pub next: Option<Vec<u8>>,
    /// The bytes of the keys, values and vectors that were pushed.
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
    /// A scan is not a snapshot: each object is as of the moment its page was read.
    ///
    /// # Errors
    /// If the limit is 0, or the namespace too long. If records cannot be read, the scan returns all others
    /// first, and ends with the error.
    pub async fn scan(&self, scan: Scan) -> Result<Page, Error> {
        if scan.limit == 0 {
            return Err(Error::ZeroLimit);
        }
        check_length(&scan.namespace)?;
        let prefix = key::encode(&scan.namespace, &scan.prefix);
        let mut page = self.page(scan).await?;
        if page.next.is_none()
            && let Err(error) = self.check_damaged(&prefix).await
        {
            let (last, _) = page.objects.last().ok_or(error)?;
            page.next = Some(last.key().to_vec());
        }
        Ok(page)
    }

    async fn page(&self, mut scan: Scan) -> Result<Page, Error> {
        let mut page = Page::default();
        let mut after = scan.after.take();
        // exercise 1.4: Scan past tombstones, page by page
        //
        // `chunk` gives the next records after a key (pass it `after.take()`), tombstones among
        // them, and nothing at the end. Fill the page with `push`: skip tombstones unless they were
        // asked for, and keep reading until the page `is_full` or the records end. `next` is the
        // key after which the next page begins: there is one if, and only if, an object follows the
        // last of this page.
        todo!("exercise 1.4: Scan past tombstones, page by page")
        // end exercise 1.4
    }

    /// How many objects and tombstones of `namespace` have keys that begin with `prefix`. Reads
    /// them all.
    ///
    /// # Errors
    /// If the namespace is too long, or a record cannot be read.
    pub async fn count(&self, namespace: &[u8], prefix: &[u8]) -> Result<Counts, Error> {
        let all =
            Scan { namespace: namespace.into(), prefix: prefix.into(), limit: CHUNK, ..Scan::default() };
        let (mut counts, mut after) = (Counts::default(), None);
        loop {
            let chunk = self.chunk(&all, after.take()).await?;
            let Some((last, _)) = chunk.last() else {
                self.check_damaged(&key::encode(namespace, prefix)).await?;
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
        check_length(&scan.namespace)?;
        let after = after.map(|after| key::encode(&scan.namespace, &after));
        let prefix = key::encode(&scan.namespace, &scan.prefix);
        // One more than the page holds says whether another page follows.
        let limit = scan.limit.saturating_add(1).min(CHUNK);
        let read = move |reader: &mut Reader<'_>| readable(reader, &prefix, after.as_deref(), limit, read);
        let (objects, damaged) = self.engine.read(read).await?;
        damaged.iter().for_each(|(record, error)| self.tell_damaged(record, error));
        Ok(objects)
    }
}

fn read(record: &[u8], bytes: Vec<u8>) -> Result<(Key, Object), Error> {
    let key = Key::decode(record)?;
    let object = Object::decode(&bytes).map_err(|what| Error::damaged_object(&key, what))?;
    Ok((key, object))
}

fn check_length(namespace: &[u8]) -> Result<(), Error> {
    if namespace.len() > MAX_NAMESPACE { Err(Error::NamespaceTooLong(namespace.len())) } else { Ok(()) }
}
