//! What the page of metrics tells of the process itself: what it is, what it uses, who is connected.

use std::fmt::{Result, Write};
use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::seats::Seats;

/// The process, as Prometheus sees it.
#[derive(Clone)]
pub(crate) struct Process {
    started: f64,
    grpc: Seats,
    pages: Seats,
}

impl Process {
    pub(crate) fn new(grpc: Seats, pages: Seats) -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { started: since.as_secs_f64(), grpc, pages }
    }

    /// Adds its metrics to a page of OpenMetrics text, before the end.
    pub(crate) fn add_to(&self, page: &mut String) {
        let end = page.rfind("# EOF").unwrap_or(page.len());
        page.truncate(end);
        // Writing to a string cannot fail.
        let _ = self.write(page);
        page.push_str("# EOF\n");
    }

    fn write(&self, page: &mut String) -> Result {
        one(page, "atoll_build", "info", "The program", "_info", |page| {
            write!(page, "{{version=\"{}\"}} 1", env!("CARGO_PKG_VERSION"))
        })?;
        one(
            page,
            "process_start_time_seconds",
            "gauge",
            "When the server began, in Unix time",
            "",
            |page| write!(page, " {:.3}", self.started),
        )?;
        if let Some(used) = Used::now() {
            let Used { memory, processor, files } = used;
            let bytes = "process_resident_memory_bytes";
            one(page, bytes, "gauge", "Memory in use", "", |page| write!(page, " {memory}"))?;
            let seconds = "process_cpu_seconds";
            one(page, seconds, "counter", "Time of processors", "_total", |page| {
                write!(page, " {processor:.2}")
            })?;
            one(page, "process_open_fds", "gauge", "Open files", "", |page| write!(page, " {files}"))?;
        }
        if let Some(most) = crate::descriptors::limit() {
            one(page, "process_max_fds", "gauge", "Most open files", "", |page| write!(page, " {most}"))?;
        }
        let ports = [
            ("grpc", self.grpc.counts(), self.grpc.most()),
            ("pages", self.pages.counts(), self.pages.most()),
        ];
        let name = "atoll_connections";
        head(page, name, "gauge", "Connections, by port")?;
        for (port, (open, _, _), _) in ports {
            writeln!(page, "{name}{{port=\"{port}\"}} {open}")?;
        }
        let name = "atoll_connections_most";
        head(page, name, "gauge", "How many connections a port may have")?;
        for (port, _, most) in ports {
            writeln!(page, "{name}{{port=\"{port}\"}} {most}")?;
        }
        let name = "atoll_requests_held_bytes";
        head(page, name, "gauge", "Memory of requests and answers that are not done, by port")?;
        for (port, seats) in [("grpc", &self.grpc), ("pages", &self.pages)] {
            writeln!(page, "{name}{{port=\"{port}\"}} {}", seats.held())?;
        }
        let name = "atoll_connections_refused";
        head(page, name, "counter", "Connections that found all places taken by others at work")?;
        for (port, (_, refused, _), _) in ports {
            writeln!(page, "{name}_total{{port=\"{port}\"}} {refused}")?;
        }
        let name = "atoll_connections_closed_idle";
        head(page, name, "counter", "Connections that were closed because nothing was asked on them")?;
        for (port, (_, _, closed), _) in ports {
            writeln!(page, "{name}_total{{port=\"{port}\"}} {closed}")?;
        }
        Ok(())
    }
}

fn head(page: &mut String, name: &str, kind: &str, help: &str) -> Result {
    writeln!(page, "# HELP {name} {help}.\n# TYPE {name} {kind}")
}

fn one(
    page: &mut String,
    name: &str,
    kind: &str,
    help: &str,
    suffix: &str,
    value: impl FnOnce(&mut String) -> Result,
) -> Result {
    head(page, name, kind, help)?;
    write!(page, "{name}{suffix}")?;
    value(page)?;
    writeln!(page)
}

/// What the process uses.
#[derive(Debug)]
struct Used {
    /// Bytes of memory that is in use, and not swapped out.
    memory: u64,
    /// Seconds of processor time, in the program and in the system for it.
    processor: f64,
    files: usize,
}

impl Used {
    /// From /proc, where there is one.
    fn now() -> Option<Self> {
        let stat = fs::read_to_string("/proc/self/stat").ok()?;
        // The name of the program stands in parentheses, and may hold anything.
        let (_, fields) = stat.rsplit_once(')')?;
        let fields: Vec<_> = fields.split_whitespace().collect();
        // proc(5) counts from 1, and the two before the parenthesis are gone: utime is 14, stime 15.
        let ticks = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        let status = fs::read_to_string("/proc/self/status").ok()?;
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: u64 = resident.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(Self {
            memory: kibibytes * 1024,
            // Linux shows a hundred ticks a second on every machine.
            processor: (ticks(14)? + ticks(15)?) as f64 / 100.0,
            files: fs::read_dir("/proc/self/fd").ok()?.count(),
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn what_is_used_is_seen() {
        let before = Used::now().unwrap();
        let more = vec![1u8; 64 << 20];
        let file = fs::File::open("/proc/self/stat").unwrap();
        while Used::now().unwrap().processor <= before.processor {
            std::hint::black_box(more.iter().map(|byte| u64::from(*byte)).sum::<u64>());
        }
        let after = Used::now().unwrap();
        assert!(after.memory >= before.memory + (60 << 20), "{before:?} {after:?}");
        assert!(after.files > 0, "{before:?} {after:?}");
        drop((more, file));
    }
}
