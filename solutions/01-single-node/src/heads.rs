//! What a replica holds, without the values: for comparing replicas.

use engine::Reader;
use prost::Message;
use proto::object::v1::{Head, Metadata};

use crate::damage::readable;
use crate::key::OBJECT;
use crate::{Error, Key, Store};

impl Store {
    /// The metadata of the next objects after `after` in the order of their records, tombstones and
    /// all namespaces included; at most `limit`, and none only at the end. Damaged records are
    /// logged, and skipped.
    ///
    /// # Errors
    /// If the engine failed.
    pub async fn heads(&self, after: Option<&Key>, limit: usize) -> Result<Vec<(Key, Metadata)>, Error> {
        let after = after.map(Key::encode);
        let read = move |reader: &mut Reader<'_>| readable(reader, &[OBJECT], after.as_deref(), limit, head);
        let (heads, damaged) = self.engine.read(read).await?;
        damaged.iter().for_each(|(record, error)| self.tell_damaged(record, error));
        Ok(heads)
    }
}

fn head(record: &[u8], bytes: Vec<u8>) -> Result<(Key, Metadata), Error> {
    let key = Key::decode(record)?;
    // The metadata comes first in a record, and a `Head` skips the value without a copy.
    let head = Head::decode(&*bytes).map_err(|error| Error::damaged_object(&key, error))?;
    let metadata = head.metadata.ok_or_else(|| Error::damaged_object(&key, "it has no metadata"))?;
    Ok((key, metadata))
}
