//! What the log says of files that changed.
//!
//! The test is alone in its process: the files are read on a thread of tokio's, where only the log of
//! the whole process is heard.

// Clippy knows the functions with #[test], not those that they share.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "tls/support.rs"]
mod support;

use std::fs;
use std::io;
use std::sync::{Arc, Mutex};

use tls::Tls;
use tokio::net::{TcpListener, TcpStream};

use support::Ca;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// The lines since the last call.
    fn take(&self) -> Vec<String> {
        let bytes = std::mem::take(&mut *self.0.lock().unwrap());
        String::from_utf8(bytes).unwrap().lines().map(|line| line.trim().to_owned()).collect()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().map_err(|_| io::Error::other("a writer panicked"))?.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A handshake with somebody who goes at once: it looks at the files all the same.
async fn handshake(tls: &Tls) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    drop(TcpStream::connect(listener.local_addr().unwrap()).await.unwrap());
    let (stream, _) = listener.accept().await.unwrap();
    tls.accept(stream).await.unwrap_err();
}

#[tokio::test]
async fn files_out_of_order_are_told_of_once() {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt().with_ansi(false).without_time().with_writer(move || writer.clone()).init();
    let ca = Ca::new("fleet");
    let files = ca.files("one", "one.test");
    let tls = Tls::load(files.clone()).unwrap();
    handshake(&tls).await;
    assert_eq!(log.take(), Vec::<String>::new());

    fs::write(&files.certificate, "no certificate").unwrap();
    handshake(&tls).await;
    handshake(&tls).await;
    let lines = log.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    let expected =
        "WARN tls::tls: new TLS files are not taken, the old ones stay in force error=no certificate in";
    assert!(lines[0].starts_with(expected), "{lines:?}");

    ca.files("one", "one.test");
    handshake(&tls).await;
    let lines = log.take();
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].starts_with("INFO tls::tls: TLS files read again"), "{lines:?}");
}
