//! The store's own records, repaired if they are damaged when it is opened.
//!
//! What follows from the objects is rebuilt. What does not is decided so that no promise is broken:
//! a replica that does not know which numbers it used never issues one again.

use engine::{Engine, Reader, Transaction};
use prost::Message;
use proto::object::v1::{Counts, Head};

use crate::Error;
use crate::damage::Damages;
use crate::hold::{HEARD, NEVER, WENT_BACK, ranges};
use crate::key::OBJECT;
use crate::store::{CLOCK, COUNTS, clock, counts, number};

/// How many records are counted at once.
const CHUNK: usize = 1000;

/// Repairs what is damaged, and logs it.
pub(crate) async fn mend(engine: &Engine, damages: &Damages) -> Result<(), Error> {
    let found = engine.read(damaged).await?;
    for (record, error) in found {
        damages.tell(record, &error);
        let counted = if record == COUNTS { Some(count(engine).await?) } else { None };
        engine.update(move |txn| replace(txn, record, counted)).await?;
    }
    Ok(())
}

fn damaged(reader: &mut Reader<'_>) -> Result<Vec<(&'static [u8], Error)>, Error> {
    let checked = [
        (CLOCK, clock(reader.get(CLOCK)?).err()),
        (COUNTS, counts(reader.get(COUNTS)?).err()),
        (NEVER, ranges(reader.get(NEVER)?).err()),
        (HEARD, number(HEARD, reader.get(HEARD)?).err()),
    ];
    Ok(checked.into_iter().filter_map(|(record, error)| Some((record, error?))).collect())
}

fn replace(txn: &mut Transaction<'_>, record: &'static [u8], counted: Option<Counts>) -> Result<(), Error> {
    match (record, counted) {
        (_, Some(counts)) => txn.put(record, counts.encode_to_vec()),
        (CLOCK, _) => {
            txn.put(CLOCK, 0_u64.to_be_bytes());
            let found = "the record of its clock is damaged, so it does not know which numbers it gave";
            if txn.get(WENT_BACK)?.is_none() {
                txn.put(WENT_BACK, found);
            }
        }
        // Which numbers this replica skipped, or when it heard all others: it continues as if there
        // were none.
        _ => txn.delete(record),
    }
    Ok(())
}

/// Counts all objects. An unreadable one counts as having a value.
async fn count(engine: &Engine) -> Result<Counts, Error> {
    let (mut counts, mut after) = (Counts::default(), None::<Vec<u8>>);
    loop {
        let last = after.take();
        let rows = engine.read(move |reader| {
            let rows = reader.scan(&[OBJECT], last.as_deref(), CHUNK)?;
            let tombstone = |bytes: &[u8]| {
                Head::decode(bytes)
                    .ok()
                    .and_then(|head| head.metadata)
                    .is_some_and(|metadata| metadata.tombstone)
            };
            Ok::<_, Error>(rows.into_iter().map(|(key, bytes)| (key, tombstone(&bytes))).collect::<Vec<_>>())
        });
        let rows = rows.await?;
        let Some((last, _)) = rows.last() else { return Ok(counts) };
        after = Some(last.clone());
        let tombstones = rows.iter().filter(|(_, tombstone)| *tombstone).count() as u64;
        counts.tombstones += tombstones;
        counts.objects += rows.len() as u64 - tombstones;
    }
}
