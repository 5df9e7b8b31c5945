//! Transcripts from the logs of processes.

use std::time::Duration;

use tokio_stream::StreamExt;
use transcript::{Change, LogReader, Sending, Transcript};

fn line(time: &str, fields: &str) -> String {
    format!("{{\"timestamp\":\"{time}\",\"level\":\"DEBUG\",{fields},\"target\":\"atoll::messages\"}}")
}

fn told(time: &str, me: u64, peer: u64, half: u64, n: u64, label: &str, what: &str) -> String {
    let fields = format!(
        "\"me\":{me},\"peer\":{peer},\"stream\":\"replication\",\"half\":{half},\"n\":{n},\"label\":\"{label}\",\"what\":\"{what}\""
    );
    line(time, &fields)
}

#[test]
fn three_processes() {
    check::promise("The lines of three processes make one diagram, across midnight and a kill.");
    let one = [
        told("2028-02-29T23:59:59.900000Z", 1, 2, 1, 1, "change 4@1", "sent"),
        told("2028-02-29T23:59:59.901200Z", 1, 3, 2, 1, "change 4@1", "sent"),
        told("2028-02-29T23:59:59.990000Z", 1, 3, 2, 2, "change 5@1", "sent"),
        // Killed here, and started again: its halves have the numbers that they had before.
        told("2028-03-01T00:00:01.000000Z", 1, 3, 2, 0, "", "opens_to_send"),
        told("2028-03-01T00:00:01.000500Z", 1, 3, 2, 1, "begin, clock 5", "sent"),
    ];
    let two = [
        "not a line in JSON, but it names atoll::messages".to_owned(),
        line("2028-02-29T23:59:59.950000Z", "\"message\":\"serving\""),
        told("2028-02-29T23:59:59.950000Z", 2, 1, 7, 1, "change 4@1", "received"),
        told("2028-02-29T23:59:59.950400Z", 2, 1, 8, 1, "ack 4", "sent"),
    ];
    let three = [
        // Its sending is in no log.
        told("2028-02-29T23:59:59.930000Z", 3, 2, 3, 9, "change 8@2", "received"),
        told("2028-03-01T00:00:00.002000Z", 3, 1, 4, 1, "change 4@1", "received"),
        told("2028-03-01T00:00:01.080000Z", 3, 1, 5, 1, "begin, clock 5", "received"),
    ];
    let lines: Vec<_> = three.iter().chain(&two).chain(&one).collect();
    check::snapshot!("three_processes", Transcript::from_log(lines));
}

#[test]
fn what_is_written_is_read() {
    check::promise("A log as a process writes it is read.");
    let written = Written::default();
    let lines = tracing_subscriber::fmt().json().flatten_event(true).with_max_level(tracing::Level::DEBUG);
    let subscriber = lines.with_writer(written.clone()).finish();
    tracing::subscriber::with_default(subscriber, || {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let ends = transcript::Ends { me: 1, peer: 2, stream: "replication" };
            let (mut outgoing, mut outbox) = transcript::Outgoing::new(ends, 1, u64::to_string);
            outgoing.send(7).await.unwrap();
            outbox.next().await
        })
    });
    let log = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    let drawn = Transcript::from_log(log.lines()).to_string();
    assert!(drawn.contains("  7 ──") && drawn.contains("─x  lost"), "{drawn}{log}");
}

#[derive(Clone, Default)]
struct Written(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl std::io::Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl tracing_subscriber::fmt::MakeWriter<'_> for Written {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[test]
fn logs_that_grow() {
    check::promise("Logs that are read while they grow tell of each message when its time has come.");
    let mut reader = LogReader::default();
    // The receiver's log is read first, and the time until which is told does not take it in yet.
    reader.take(&told("1970-01-01T00:00:05.040000Z", 2, 1, 7, 1, "change 4@1", "received"));
    assert_eq!(reader.changes(Duration::from_secs(5)), []);
    reader.take(&told("1970-01-01T00:00:05.000000Z", 1, 2, 1, 1, "change 4@1", "sent"));
    reader.take(&told("1970-01-01T00:00:05.050000Z", 1, 2, 1, 2, "change 5@1", "sent"));
    let changes = reader.changes(Duration::from_millis(5_040));
    let sending = |message, label: &str| Sending {
        message,
        from: 1,
        to: 2,
        stream: "replication".to_owned(),
        label: label.to_owned(),
    };
    assert_eq!(
        changes,
        [
            (Duration::from_secs(5), Change::Sent(sending(0, "change 4@1"))),
            (Duration::from_millis(5_040), Change::Arrived(0)),
        ]
    );
    reader.take(&told("1970-01-01T00:00:06.000000Z", 1, 2, 1, 2, "", "ends_sending"));
    reader.take(&told("1970-01-01T00:00:06.500000Z", 2, 1, 7, 9, "change 9@1", "received"));
    let changes: Vec<_> = reader.changes(Duration::MAX).into_iter().map(|(_, change)| change).collect();
    assert_eq!(
        changes,
        [Change::Sent(sending(1, "change 5@1")), Change::Lost(1), Change::Appeared(sending(2, "change 9@1")),]
    );
}

#[test]
fn time_that_begins_elsewhere() {
    check::promise("A diagram's time begins where it is said, so that it can be read beside something else.");
    let lines = [told("1970-01-01T00:00:05.040000Z", 1, 2, 1, 1, "change 4@1", "sent")];
    let drawn = Transcript::from_log_since(Duration::from_secs(5), lines).to_string();
    assert!(drawn.lines().any(|row| row.starts_with("  40 │  change 4@1")), "{drawn}");
}
