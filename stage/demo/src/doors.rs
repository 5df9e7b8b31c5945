//! The addresses of each replica while it runs.

use std::net::SocketAddr;

use tokio::sync::watch;
use world::Client;

use crate::region::Region;

/// The addresses of a replica.
#[derive(Clone, Debug)]
pub struct Door {
    /// Its client.
    pub client: Client,
    /// The address of its pages.
    pub pages: SocketAddr,
}

/// The doors of all replicas. A replica that does not run has none.
#[derive(Debug)]
pub struct Doors([watch::Sender<Option<Door>>; 3]);

impl Default for Doors {
    fn default() -> Self {
        Self([(); 3].map(|()| watch::Sender::new(None)))
    }
}

impl Doors {
    /// The door of a replica.
    pub fn of(&self, region: Region) -> Option<Door> {
        self.0[region as usize].borrow().clone()
    }

    /// The replica is found there from now on, or not at all.
    pub fn set(&self, region: Region, door: Option<Door>) {
        self.0[region as usize].send_replace(door);
    }
}
