//! What a test logs, as JSON lines without the time of day.

use std::cell::RefCell;
use std::io;
use std::sync::Once;

thread_local! {
    /// A test runs in one thread, its tasks too; so this is the log of one test.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Collects from here on what this test logs.
pub fn collect() {
    // One subscriber for the process: tracing remembers for all threads which lines nobody wants.
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt()
            .json()
            .without_time()
            .with_target(false)
            .with_span_list(false)
            .with_env_filter("merge=info")
            .with_writer(|| Writer)
            .init();
    });
    LOG.take();
}

/// What was logged since [`collect`].
pub fn collected() -> String {
    String::from_utf8(LOG.take()).unwrap()
}

struct Writer;

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| log.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
