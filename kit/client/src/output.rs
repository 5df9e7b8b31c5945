//! Messages as lines of text and as JSON.

use std::io::Write;

use proto::kv::v1::{Entry, StatusResponse};
use proto::object::v1::{Counts, Metadata, Version};
use serde_json::{Map, Value, json};

use crate::bytes::{show, to_json};
use crate::commands::Show;
use crate::failure::Failure;
use crate::options::Options;

/// Prints one or the other, depending on `--json`.
pub(crate) fn print(
    options: &Options,
    out: &mut dyn Write,
    text: impl FnOnce() -> String,
    json: impl FnOnce() -> Value,
) -> Result<(), Failure> {
    let line = if options.json { json().to_string() } else { text() };
    Ok(writeln!(out, "{line}")?)
}

/// An entry as one line: the requested columns, separated by tabs.
pub(crate) fn entry_line(entry: &Entry, asked: &Show) -> String {
    let metadata = entry.metadata.clone().unwrap_or_default();
    let mut columns = Vec::new();
    if !asked.no_key {
        columns.push(show(&entry.key));
    }
    if !asked.no_value {
        columns.push(entry.value.as_deref().map(show).unwrap_or_default());
    }
    if asked.tombstones {
        columns.push(if metadata.tombstone { "tombstone" } else { "value" }.to_owned());
    }
    if asked.metadata {
        columns.extend([version_text(metadata.version), version_text(metadata.parent)]);
        let vector: Vec<_> = metadata.vector.into_iter().map(|entry| version_text(Some(entry))).collect();
        columns.extend([vector.join(","), metadata.region, metadata.owner]);
    }
    columns.join("\t")
}

/// The version of a write, as the other tools of the store write it: `3@1` has counter 3 and is of
/// replica 1.
pub(crate) fn version_text(version: Option<Version>) -> String {
    version.map_or_else(|| "-".to_owned(), |version| format!("{}@{}", version.counter, version.replica))
}

/// An entry with what it has.
pub(crate) fn entry_json(entry: &Entry, asked: &Show) -> Value {
    let mut fields = Map::new();
    if !asked.no_key {
        fields.insert("key".into(), to_json(&entry.key));
    }
    if let Some(value) = &entry.value {
        fields.insert("value".into(), to_json(value));
    }
    if let Some(metadata) = &entry.metadata {
        fields.insert("metadata".into(), metadata_json(metadata));
    }
    fields.into()
}

pub(crate) fn metadata_json(metadata: &Metadata) -> Value {
    let vector: Vec<_> = metadata.vector.iter().map(version_json).collect();
    json!({
        "version": metadata.version.as_ref().map(version_json),
        "parent": metadata.parent.as_ref().map(version_json),
        "vector": vector,
        "region": metadata.region,
        "owner": metadata.owner,
        "tombstone": metadata.tombstone,
    })
}

pub(crate) fn version_json(version: &Version) -> Value {
    json!({ "counter": version.counter, "replica": version.replica })
}

pub(crate) fn counts_json(counts: &Counts) -> Value {
    json!({ "objects": counts.objects, "tombstones": counts.tombstones })
}

pub(crate) fn status_json(status: &StatusResponse) -> Value {
    json!({
        "state": state(status),
        "replica": status.replica,
        "region": status.region,
        "program_version": status.program_version,
        "uptime_seconds": status.uptime_seconds,
        "counts": counts_json(&status.counts.unwrap_or_default()),
        "clock": status.clock,
    })
}

/// The status as lines: a name, a tab, a value.
pub(crate) fn status_text(status: &StatusResponse) -> String {
    let counts = status.counts.unwrap_or_default();
    format!(
        "state\t{}\nreplica\t{}\nregion\t{}\nprogram_version\t{}\nuptime_seconds\t{}\n\
         objects\t{}\ntombstones\t{}\nclock\t{}",
        state(status),
        status.replica,
        status.region,
        status.program_version,
        status.uptime_seconds,
        counts.objects,
        counts.tombstones,
        status.clock,
    )
}

/// "serving" for STATE_SERVING.
fn state(status: &StatusResponse) -> String {
    let name = status.state().as_str_name();
    name.strip_prefix("STATE_").unwrap_or(name).to_lowercase().replace('_', " ")
}

#[cfg(test)]
mod tests {
    use proto::kv::v1::status_response::State;

    use super::*;

    fn entry() -> Entry {
        let version = |counter, replica| Version { counter, replica };
        let metadata = Metadata {
            version: Some(version(7, 2)),
            parent: None,
            vector: vec![version(3, 1), version(7, 2)],
            region: "de".into(),
            owner: "ann".into(),
            tombstone: true,
        };
        Entry { key: b"a\tb".to_vec(), value: None, metadata: Some(metadata) }
    }

    #[test]
    fn a_line_has_the_columns_that_were_asked_for() {
        let mut asked = Show::default();
        assert_eq!(entry_line(&entry(), &asked), "hex:610962\t");
        asked = Show { no_value: true, tombstones: true, metadata: true, ..asked };
        assert_eq!(entry_line(&entry(), &asked), "hex:610962\ttombstone\t7@2\t-\t3@1,7@2\tde\tann");
        let live = Entry { key: b"a".to_vec(), value: Some(b"hex:".to_vec()), metadata: None };
        assert_eq!(entry_line(&live, &Show { tombstones: true, ..Show::default() }), "a\ttext:hex:\tvalue");
    }

    #[test]
    fn json_leaves_out_what_there_is_not() {
        let live = Entry { key: vec![0xff], value: Some(Vec::new()), metadata: None };
        assert_eq!(entry_json(&live, &Show::default()).to_string(), r#"{"key":{"hex":"ff"},"value":""}"#);
        let tombstone = entry_json(&entry(), &Show { no_key: true, ..Show::default() });
        assert_eq!(tombstone["metadata"]["version"], json!({ "counter": 7, "replica": 2 }));
        assert_eq!(tombstone["metadata"]["parent"], Value::Null);
        assert!(tombstone.get("value").is_none() && tombstone.get("key").is_none());
    }

    #[test]
    fn a_state_is_a_word() {
        let status = StatusResponse { state: State::Stopped.into(), ..StatusResponse::default() };
        assert_eq!(state(&status), "stopped");
    }
}
