//! The LevelDB backend. Stub: opening it fails.
use crate::Error;
use crate::backend::{Backend, Batch, Row};
use std::path::Path;
pub(crate) struct LevelDb;
impl LevelDb {
    pub fn open(dir: &Path) -> Result<Self, Error> {
        Err(Error::Io {
            action: format!("open {}", dir.display()),
            kind: std::io::ErrorKind::Unsupported,
            message: "not built yet".into(),
        })
    }
}
impl Backend for LevelDb {
    fn get(&mut self, _: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        Err(Error::Closed)
    }
    fn scan(&mut self, _: &[u8], _: Option<&[u8]>, _: usize) -> Result<Vec<Row>, Error> {
        Err(Error::Closed)
    }
    fn write(&mut self, _: &Batch) -> Result<(), Error> {
        Err(Error::Closed)
    }
}
