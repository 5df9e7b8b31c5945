//! What a replica holds, without the values: for those that compare replicas.

use engine::Reader;
use prost::Message;
use proto::object::v1::{Head, Metadata};

use crate::key::OBJECT;
use crate::{Error, Key, Store};

impl Store {
    /// The metadata of the next objects after `after` in the order of their records, tombstones and
    /// all namespaces included; at most `limit`, and none only at the end.
    ///
    /// # Errors
    /// Where a record cannot be read.
    pub async fn heads(&self, after: Option<&Key>, limit: usize) -> Result<Vec<(Key, Metadata)>, Error> {
        let after = after.map(Key::encode);
        self.engine.read(move |reader| read_heads(reader, after.as_deref(), limit)).await
    }
}

fn read_heads(
    reader: &mut Reader<'_>,
    after: Option<&[u8]>,
    limit: usize,
) -> Result<Vec<(Key, Metadata)>, Error> {
    let rows = reader.scan(&[OBJECT], after, limit)?;
    rows.into_iter()
        .map(|(record, bytes)| {
            // The metadata stands first in a record, and a `Head` passes over the value without a copy.
            let head = Head::decode(&*bytes).map_err(|error| Error::damaged(&record, error))?;
            let metadata = head.metadata.ok_or_else(|| Error::damaged(&record, "it has no metadata"))?;
            Ok((Key::decode(&record)?, metadata))
        })
        .collect()
}
