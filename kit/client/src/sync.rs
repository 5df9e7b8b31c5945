//! The command about anti-entropy.

use std::io::Write;

use clap::Subcommand;
use proto::antientropy::v1::{RunSessionRequest, RunSessionResponse, SessionReport};
use rpc::antientropy::v1::anti_entropy_client::AntiEntropyClient;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::options::Options;
use crate::output::print;

/// What to ask of a replica's anti-entropy.
#[derive(Subcommand, Clone, Debug)]
pub enum SyncCommand {
    /// Runs one session of anti-entropy now, and prints its messages
    Sync {
        /// The id of the replica to compare with; by default the replica chooses
        #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "ID")]
        peer: u64,
        /// Compare only: nobody stores anything
        #[arg(long)]
        dry: bool,
    },
}

/// Runs `command` and prints its result to `out`.
pub(crate) async fn run(options: &Options, command: SyncCommand, out: &mut dyn Write) -> Result<(), Failure> {
    let SyncCommand::Sync { peer, dry } = command;
    // A diagram has a line for each message, which may be more than tonic's limit of 4 MiB.
    let mut replica = AntiEntropyClient::new(options.connect().await?).max_decoding_message_size(usize::MAX);
    let request = options.request(RunSessionRequest { peer, dry });
    let answer = replica.run_session(request).await?.into_inner();
    print(options, out, || session_text(&answer, dry), || session_json(&answer, dry))
}

/// The diagram as it came, then the report: a name and what it counts on each line.
fn session_text(session: &RunSessionResponse, dry: bool) -> String {
    let report = session.report.unwrap_or_default();
    let SessionReport { checked, pushed, pulled, stomps, skips, bytes_sent, bytes_received, micros, whole } =
        report;
    let diagram = match session.diagram.trim_end_matches('\n') {
        "" => String::new(),
        diagram => format!("{diagram}\n\n"),
    };
    let dry = if dry { "\ndry      nobody stored anything" } else { "" };
    let keys = if whole { "compared to the last" } else { "compared in part; the next session goes on" };
    format!(
        "{diagram}\
         peer     {}\n\
         checked  {checked} versions\n\
         pushed   {pushed} objects\n\
         pulled   {pulled} objects, and {skips} that were not needed\n\
         stomps   {stomps}\n\
         bytes    {bytes_sent} sent, {bytes_received} received\n\
         time     {:.1} ms\n\
         keys     {keys}{dry}",
        session.peer,
        micros as f64 / 1000.0,
    )
}

fn session_json(session: &RunSessionResponse, dry: bool) -> Value {
    let report = session.report.unwrap_or_default();
    json!({
        "peer": session.peer,
        "dry": dry,
        "diagram": session.diagram,
        "checked": report.checked,
        "pushed": report.pushed,
        "pulled": report.pulled,
        "stomps": report.stomps,
        "skips": report.skips,
        "bytes_sent": report.bytes_sent,
        "bytes_received": report.bytes_received,
        "micros": report.micros,
        "whole": report.whole,
    })
}
