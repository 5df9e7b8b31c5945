//! Reading without a snapshot of the database that is read.

use rusty_leveldb::{DB, DBIterator, Status, WriteBatch, in_memory};

/// Lends out a snapshot that lies beyond every write there will be.
///
/// LevelDB iterates at a snapshot, which hides later writes. rusty-leveldb never forgets that a database made one: from
/// then on compactions keep every old version, the directory grows without bound, and since they may part two versions
/// of a key, an old one can come to lie above the new. Here no write happens while an iterator lives, so there is
/// nothing to hide, and any snapshot will do that is late enough. It comes from another database, in memory and empty.
pub struct Horizon(DB);

/// Batches to count, of 2³² writes each: 2⁴⁴ writes are years of work at any speed LevelDB reaches.
const BATCHES: u32 = 1 << 12;

impl Horizon {
    pub fn new() -> Result<Self, Status> {
        let mut db = DB::open("horizon", super::quiet(in_memory()))?;
        for _ in 0..BATCHES {
            // A batch is its sequence number, its number of writes, and the writes: here none, however many it claims.
            let mut batch = WriteBatch::default();
            batch.set_contents(&[[0; 4], [0; 4], u32::MAX.to_le_bytes()].concat());
            db.write(batch, false)?;
        }
        Ok(Self(db))
    }

    /// The value under `key` in `db`.
    ///
    /// `DB::get` looks at the number of the last write, and misses that very write at the end of a block.
    pub fn get(&mut self, db: &mut DB, key: &[u8]) -> Result<Option<Vec<u8>>, Status> {
        Ok(db.get_at(&self.0.get_snapshot(), key)?.map(Into::into))
    }

    /// An iterator over all of `db`. It must be dropped before the next write to `db`.
    pub fn iterate(&mut self, db: &mut DB) -> Result<DBIterator, Status> {
        db.new_iter_at(self.0.get_snapshot())
    }
}
