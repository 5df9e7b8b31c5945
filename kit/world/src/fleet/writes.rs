//! What clients of a fleet write.

use super::Fleet;
use crate::client::Client;
use crate::facts::Write;

impl Fleet {
    pub(super) fn write(&mut self, number: usize, replica: u64, key: String, value: Option<String>) {
        let mut client = Client::on(self.member(replica).channel.clone());
        let numbers = self.numbers;
        let writing = async move {
            let outcome = numbers.outcome(client.write(&key, value.as_deref()).await);
            Write { number, replica, key, value, outcome }
        };
        self.writing.spawn_on(writing, self.home.handle());
    }

    /// Writes once, and waits for what becomes of it.
    pub fn write_and_wait(&mut self, number: usize, replica: u64, key: &str, value: &str) -> Vec<Write> {
        self.write(number, replica, key.to_owned(), Some(value.to_owned()));
        self.writes()
    }

    /// What became of all writes, once all are answered or given up.
    pub fn writes(&mut self) -> Vec<Write> {
        let mut writes = Vec::new();
        loop {
            while let Some(done) = self.writing.try_join_next() {
                writes.extend(done);
            }
            if self.writing.is_empty() {
                break;
            }
            self.tick();
        }
        writes.sort_by_key(|write| write.number);
        writes
    }
}
