//! The commands: one request each, and the output for its answer.

use std::fmt::Display;
use std::io::Write;

use clap::{Args, Subcommand};
use proto::kv::v1::{
    CountRequest, DeleteRequest, GetRequest, ListRequest, PutRequest, ReturnOptions, ScanRequest,
    StatusRequest,
};
use rpc::kv::v1::key_value_client::KeyValueClient;
use serde_json::{Value, json};
use tonic::transport::Channel;

use crate::bytes::{Bytes, Input, from_hex, to_hex};
use crate::failure::Failure;
use crate::options::Options;
use crate::output::{
    counts_json, entry_json, entry_line, metadata_json, print, status_json, status_text, version_text,
};

/// What to ask of a replica.
#[derive(Subcommand, Clone, Debug)]
pub enum Command {
    /// Prints the value of a key and nothing else
    ///
    /// Exit status 1 if there is none.
    Get {
        /// The key; hex:00ff for bytes that are no text
        key: Bytes,
    },
    /// Sets the value of a key and prints its version
    Put {
        /// The key; hex:00ff for bytes that are no text
        key: Bytes,
        /// The value; - for stdin, @FILE for a file
        ///
        /// hex:00ff is a value of two bytes.
        ///
        /// Put text: before a value that begins with -, @, hex: or text:.
        value: Input,
    },
    /// Deletes a key and prints the version of the tombstone
    Delete {
        /// The key; hex:00ff for bytes that are no text
        key: Bytes,
    },
    /// Prints one page of a namespace, a line for each entry
    ///
    /// The token of the next page is printed on stderr, or is in the JSON.
    List {
        /// Which page.
        #[command(flatten)]
        page: Page,
        /// What of each entry.
        #[command(flatten)]
        show: Show,
    },
    /// Prints a whole namespace as it arrives, a line for each entry
    Scan {
        /// Only keys that begin so
        #[arg(long, default_value = "", hide_default_value = true)]
        prefix: Bytes,
        /// Only keys after this one
        #[arg(long, default_value = "", hide_default_value = true, value_name = "KEY")]
        start_after: Bytes,
        /// What of each entry.
        #[command(flatten)]
        show: Show,
    },
    /// Counts the objects and the tombstones of a namespace
    Count {
        /// Only keys that begin so
        #[arg(long, default_value = "", hide_default_value = true)]
        prefix: Bytes,
    },
    /// Prints the status of the replica
    Status,
}

/// Which page of a namespace.
#[derive(Args, Clone, Debug)]
pub struct Page {
    /// Only keys that begin so
    #[arg(long, default_value = "", hide_default_value = true)]
    pub prefix: Bytes,
    /// The most entries; by default the replica chooses
    #[arg(long, default_value_t = 0, hide_default_value = true, value_name = "N")]
    pub page_size: u32,
    /// The token at the end of the previous page
    #[arg(long, default_value = "", hide_default_value = true, value_name = "TOKEN")]
    pub page_token: String,
}

/// What to print of each entry: columns with a tab between them.
#[derive(Args, Clone, Debug, Default)]
pub struct Show {
    /// Also tombstones, and a column that marks them
    #[arg(long)]
    pub tombstones: bool,
    /// Also version, parent, vector, region and owner
    #[arg(long)]
    pub metadata: bool,
    /// No values
    #[arg(long)]
    pub no_value: bool,
    /// No keys
    #[arg(long)]
    pub no_key: bool,
}

impl Show {
    fn request(&self) -> Option<ReturnOptions> {
        let Self { metadata, no_key, no_value, tombstones } = *self;
        Some(ReturnOptions { metadata, no_key, no_value, tombstones })
    }
}

/// Runs `command` and prints its result to `out`.
pub(crate) async fn run(options: &Options, command: Command, out: &mut dyn Write) -> Result<(), Failure> {
    let channel = options.connect().await?;
    // The client asked for it, however large it is.
    let replica = KeyValueClient::new(channel).max_decoding_message_size(usize::MAX);
    let session = Session { options, replica, out };
    match command {
        Command::Get { key } => session.get(key).await,
        Command::Put { key, value } => session.put(key, value).await,
        Command::Delete { key } => session.delete(key).await,
        Command::List { page, show } => session.list(page, show).await,
        Command::Scan { prefix, start_after, show } => session.scan(prefix, start_after, show).await,
        Command::Count { prefix } => session.count(prefix).await,
        Command::Status => session.status().await,
    }
}

struct Session<'a> {
    options: &'a Options,
    replica: KeyValueClient<Channel>,
    out: &'a mut dyn Write,
}

impl Session<'_> {
    fn namespace(&self) -> String {
        self.options.namespace.clone()
    }

    fn print(&mut self, text: impl FnOnce() -> String, json: impl FnOnce() -> Value) -> Result<(), Failure> {
        print(self.options, self.out, text, json)
    }

    fn line(&mut self, line: impl Display) -> Result<(), Failure> {
        Ok(writeln!(self.out, "{line}")?)
    }

    async fn get(mut self, Bytes(key): Bytes) -> Result<(), Failure> {
        let show = Show { metadata: self.options.json, ..Show::default() };
        let request = GetRequest { namespace: self.namespace(), key, options: show.request() };
        let answer = self.replica.get(self.options.request(request)).await?.into_inner();
        let entry = answer.entry.unwrap_or_default();
        if self.options.json {
            return self.line(entry_json(&entry, &show));
        }
        self.out.write_all(&entry.value.unwrap_or_default())?;
        Ok(self.out.flush()?)
    }

    async fn put(mut self, Bytes(key): Bytes, value: Input) -> Result<(), Failure> {
        let value = value.read().map_err(Failure::Usage)?;
        let request = PutRequest { namespace: self.namespace(), key, value };
        let answer = self.replica.put(self.options.request(request)).await?.into_inner();
        let written = answer.metadata.unwrap_or_default();
        self.print(|| version_text(written.version), || json!({ "metadata": metadata_json(&written) }))
    }

    async fn delete(mut self, Bytes(key): Bytes) -> Result<(), Failure> {
        let request = DeleteRequest { namespace: self.namespace(), key };
        let answer = self.replica.delete(self.options.request(request)).await?.into_inner();
        let tombstone = answer.metadata;
        let text =
            || tombstone.as_ref().map_or("nothing to delete".to_owned(), |each| version_text(each.version));
        self.print(text, || json!({ "metadata": tombstone.as_ref().map(metadata_json) }))
    }

    async fn list(mut self, page: Page, show: Show) -> Result<(), Failure> {
        let page_token = from_hex(&page.page_token).map_err(|_| {
            Failure::Usage("--page-token takes what `list` printed after the page before".into())
        })?;
        let request = ListRequest {
            namespace: self.namespace(),
            prefix: page.prefix.0,
            page_size: page.page_size,
            page_token,
            options: show.request(),
        };
        let answer = self.replica.list(self.options.request(request)).await?.into_inner();
        let next = (!answer.next_page_token.is_empty()).then(|| to_hex(&answer.next_page_token));
        if self.options.json {
            let entries: Vec<_> = answer.entries.iter().map(|entry| entry_json(entry, &show)).collect();
            return self.line(json!({ "entries": entries, "next_page_token": next }));
        }
        for entry in &answer.entries {
            self.line(entry_line(entry, &show))?;
        }
        if let Some(next) = next {
            eprintln!("next page: --page-token {next}");
        }
        Ok(())
    }

    async fn scan(mut self, prefix: Bytes, start_after: Bytes, show: Show) -> Result<(), Failure> {
        let request = ScanRequest {
            namespace: self.namespace(),
            prefix: prefix.0,
            start_after: start_after.0,
            options: show.request(),
        };
        let timeout = self.options.timeout;
        let late = |_| Failure::late(timeout);
        let begun = self.replica.scan(self.options.stream_request(request));
        let mut entries = tokio::time::timeout(timeout, begun).await.map_err(late)??.into_inner();
        while let Some(next) = tokio::time::timeout(timeout, entries.message()).await.map_err(late)?? {
            let entry = next.entry.unwrap_or_default();
            self.print(|| entry_line(&entry, &show), || entry_json(&entry, &show))?;
        }
        Ok(())
    }

    async fn count(mut self, Bytes(prefix): Bytes) -> Result<(), Failure> {
        let request = CountRequest { namespace: self.namespace(), prefix };
        let answer = self.replica.count(self.options.request(request)).await?.into_inner();
        let counts = answer.counts.unwrap_or_default();
        let text = || format!("objects\t{}\ntombstones\t{}", counts.objects, counts.tombstones);
        self.print(text, || counts_json(&counts))
    }

    async fn status(mut self) -> Result<(), Failure> {
        let status = self.replica.status(self.options.request(StatusRequest {})).await?.into_inner();
        self.print(|| status_text(&status), || status_json(&status))
    }
}
