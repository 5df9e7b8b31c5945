//! One replica of a fleet.

use std::time::Duration;

use engine::MemoryDisk;
use tonic::transport::Channel;

use crate::process::Process;
use crate::wall_clock::WallClock;

/// How many commits of a disk can be lost.
pub const LOSABLE: usize = 16;

/// A replica, whether it runs or not.
pub struct Member {
    /// What it calls itself.
    pub id: u64,
    pub disk: MemoryDisk,
    /// The name of the directory on it.
    pub directory: [u8; 16],
    pub copy: Option<MemoryDisk>,
    pub clock: WallClock,
    pub process: Option<Process>,
    pub channel: Channel,
    pub starts: u64,
    /// When it is killed if it has not ended by then.
    pub ends_by: Option<Duration>,
    /// Its disk has failed since it was started.
    pub failed: bool,
    /// How often its directory was replaced by something older.
    pub replaced: u64,
}

impl Member {
    /// One that was never started; clients reach it by `channel`.
    pub fn new(id: u64, directory: [u8; 16], now: Duration, channel: Channel) -> Self {
        Self {
            id,
            disk: fresh(MemoryDisk::new()),
            directory,
            copy: None,
            clock: WallClock::new(now),
            process: None,
            channel,
            starts: 0,
            ends_by: None,
            failed: false,
            replaced: 0,
        }
    }
}

/// A disk that can lose commits.
pub fn fresh(disk: MemoryDisk) -> MemoryDisk {
    disk.remember(LOSABLE);
    disk
}
