//! Room for what has arrived, in bytes.

use std::sync::Arc;

use prost::Message;
use tokio::sync::Semaphore;

/// Room for the messages of a stream that have arrived and are not processed yet. One message
/// always has room. Clones share it.
#[derive(Clone, Debug)]
pub struct Room {
    free: Arc<Semaphore>,
    bytes: usize,
}

impl Room {
    /// Room for this many bytes.
    pub fn new(bytes: usize) -> Self {
        let bytes = bytes.clamp(1, u32::MAX as usize);
        Self { free: Arc::new(Semaphore::new(bytes)), bytes }
    }

    /// What these messages take.
    pub fn taken_by<M: Message>(&self, messages: &[M]) -> usize {
        messages.iter().map(|message| self.of(message)).sum()
    }

    /// They are processed.
    pub fn give_back(&self, bytes: usize) {
        self.free.add_permits(bytes);
    }

    /// Waits until there is room for a message, and takes it.
    pub(crate) async fn take(&self, message: &impl Message) {
        // Nobody closes it.
        if let Ok(taken) = self.free.acquire_many(self.of(message) as u32).await {
            taken.forget();
        }
    }

    fn of(&self, message: &impl Message) -> usize {
        message.encoded_len().clamp(1, self.bytes)
    }
}
