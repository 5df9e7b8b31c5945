//! Measurements, as files that slides draw (the crate stage-slides reads them).

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Serialize;

use crate::bench::{OBJECTS, Pass, ROUNDS, TIME};
use crate::load::{CLIENTS, VALUE};

/// One drawing: a bar for each number.
#[derive(Serialize)]
pub(crate) struct Figure {
    title: String,
    /// Of all numbers.
    unit: &'static str,
    /// How and where it was measured, in one line.
    measured: String,
    bars: Vec<Bar>,
}

/// One number.
#[derive(Serialize)]
struct Bar {
    label: &'static str,
    value: f64,
}

impl Figure {
    /// Writes it to a folder, as `name.json`.
    pub(crate) fn write(&self, folder: &Path, name: &str) -> Result<()> {
        let path = folder.join(name).with_extension("json");
        let place = || format!("cannot write {}", path.display());
        fs::create_dir_all(folder).with_context(place)?;
        fs::write(&path, serde_json::to_string_pretty(self)? + "\n").with_context(place)?;
        println!("written: {}", path.display());
        Ok(())
    }
}

/// Puts into one replica, without peers and with.
pub(crate) fn puts(alone: f64, streaming: f64) -> Figure {
    let bars = vec![
        Bar { label: "one replica alone", value: alone.round() },
        Bar { label: "with two peers", value: streaming.round() },
    ];
    let measured = format!(
        "{CLIENTS} clients, values of {VALUE} bytes, {TIME:?}, the middle of {ROUNDS} rounds; replicas and clients {}",
        machine()
    );
    Figure { title: "Puts into one replica".to_owned(), unit: "puts/s", measured, bars }
}

/// What a pass of anti-entropy over equal objects carries.
pub(crate) fn pass(pass: &Pass) -> Figure {
    let bars = vec![
        Bar { label: "sent", value: pass.sent as f64 },
        Bar { label: "received", value: pass.received as f64 },
    ];
    Figure {
        title: format!("Anti-entropy over {OBJECTS} equal objects"),
        unit: "bytes",
        measured: format!(
            "{:.1} bytes sent for each object; {} sessions, {:.1} s, two replicas {}",
            pass.of_one(),
            pass.sessions,
            pass.took.as_secs_f64(),
            machine()
        ),
        bars,
    }
}

/// The machine, as far as a reader of numbers has to know it.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("on {cores} cores of one machine, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_written_as_slides_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let bars = vec![Bar { label: "alone", value: 12345.0 }, Bar { label: "with peers", value: 0.5 }];
        let figure = Figure { title: "Puts".to_owned(), unit: "puts/s", measured: "here".to_owned(), bars };
        figure.write(&folder.path().join("figures"), "puts").unwrap();
        let text = fs::read_to_string(folder.path().join("figures/puts.json")).unwrap();
        let wanted = r#"{
  "title": "Puts",
  "unit": "puts/s",
  "measured": "here",
  "bars": [
    {
      "label": "alone",
      "value": 12345.0
    },
    {
      "label": "with peers",
      "value": 0.5
    }
  ]
}
"#;
        assert_eq!(text, wanted);
    }
}
