//! The database as a table, one line per record: the tests compare it, and the command shows it.

use std::fmt;

use engine::{Engine, Reader};

use crate::hold::{NEVER, WENT_BACK};
use crate::key::{OBJECT, STORE};
use crate::{Content, Error, Key, Object, hold, store};

/// All records of a database, in a table with aligned columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dump(Vec<Vec<String>>);

/// How many records are read at once.
const CHUNK: usize = 128;

impl Dump {
    /// Reads all records of `engine`, whether they belong to the store or to a layer above.
    ///
    /// # Errors
    /// If the engine failed.
    pub async fn of(engine: &Engine) -> Result<Self, Error> {
        let header = ["RECORD", "KEY", "VERSION", "PARENT", "VECTOR", "REGION", "OWNER", "CONTENT"];
        let mut rows = vec![header.map(String::from).to_vec()];
        let mut after: Option<Vec<u8>> = None;
        loop {
            let records = engine.read(move |reader| read(reader, after.as_deref())).await?;
            let Some((last, _)) = records.last() else {
                return Ok(Self(rows));
            };
            after = Some(last.clone());
            for (key, value) in records {
                let damaged = |error: Error| vec!["damaged".into(), error.to_string()];
                rows.push(row(&key, value).unwrap_or_else(damaged));
            }
        }
    }
}

type Record = (Vec<u8>, Vec<u8>);

fn read(reader: &mut Reader<'_>, after: Option<&[u8]>) -> Result<Vec<Record>, Error> {
    Ok(reader.scan(b"", after, CHUNK)?)
}

fn row(record: &[u8], value: Vec<u8>) -> Result<Vec<String>, Error> {
    match record {
        [OBJECT, ..] => {
            let key = Key::decode(record)?;
            Ok(store::object(Some(value), &key)?.map(|object| object_row(&key, object)).unwrap_or_default())
        }
        store::COUNTS => {
            let counts = store::counts(Some(value))?;
            Ok(vec!["counts".into(), format!("objects {}, tombstones {}", counts.objects, counts.tombstones)])
        }
        NEVER => {
            let ranges = hold::ranges(Some(value))?;
            let text: Vec<_> = ranges.iter().map(|(from, to)| format!("between {from} and {to}")).collect();
            Ok(vec!["never".into(), text.join(", ")])
        }
        WENT_BACK => Ok(vec!["went-back".into(), hold::found(Some(value)).unwrap_or_default()]),
        [STORE, name @ ..] => {
            let number = store::number(record, Some(value))?.unwrap_or_default();
            Ok(vec![String::from_utf8_lossy(name).into_owned(), number.to_string()])
        }
        _ => Ok(vec!["other".into(), format!("\"{}\", {} bytes", record.escape_ascii(), value.len())]),
    }
}

fn object_row(key: &Key, object: Object) -> Vec<String> {
    let content = match object.content {
        Content::Value(value) => format!("\"{}\"", value.escape_ascii()),
        Content::Tombstone => "tombstone".into(),
    };
    vec![
        "object".into(),
        key.to_string(),
        object.version.to_string(),
        object.parent.map_or("-".into(), |parent| parent.to_string()),
        object.vector.to_string(),
        object.region,
        object.owner,
        content,
    ]
}

impl fmt::Display for Dump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The store's own records have a sentence in their second cell, which needs no column.
        let rows = |column: usize| self.0.iter().filter(move |row| column == 0 || row.len() > 2);
        let width = |column: usize| rows(column).filter_map(|row| row.get(column)).map(String::len).max();
        let widths: Vec<usize> = (0..8).map(|column| width(column).unwrap_or_default()).collect();
        for row in &self.0 {
            let line: String =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}  ")).collect();
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}
