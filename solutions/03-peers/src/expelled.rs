//! A replica for which its fleet has no place any more.

use tokio::sync::watch;

use crate::{Error, Standing};

/// Why this replica must stop, once that is known.
#[derive(Default)]
pub struct Expelled(watch::Sender<Option<Error>>);

impl Expelled {
    fn expel(&self, error: Error) {
        tracing::error!(%error, "this replica may not go on");
        self.0.send_replace(Some(error));
    }

    /// It must stop, if `error` of a peer says so.
    pub fn heed(&self, error: &Error) {
        if let Some(refused) = error.refused_for_good() {
            self.expel(refused);
        }
    }

    /// It must stop, if the `standing` of this replica, `me`, says so.
    pub fn stand(&self, standing: Standing, me: u64) {
        if let Err(error) = standing.check(me) {
            self.expel(error);
        }
    }

    /// Waits until it is known.
    pub async fn known(&self) -> Error {
        let mut expelled = self.0.subscribe();
        loop {
            if let Some(error) = &*expelled.borrow_and_update() {
                return error.clone();
            }
            // The sender lives in `self`, so only a change ends this.
            let _ = expelled.changed().await;
        }
    }
}
