//! What may happen to a fleet at one moment.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::millis;

/// What happens at one moment. Those behind `Continue` only the simulated fleet can do.
///
/// There is no disk here that loses what was not synced: the engine answers when a batch is synced, so losing it
/// before is [`Action::KillAtCommit`] one commit earlier. A batch that is torn is none: the engine drops it whole
/// when it opens, as its conformance suite proves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the variants say what their fields are")]
pub enum Action {
    /// A client sets a key at a replica. The number tells this write from all others.
    Put { replica: u64, key: String, value: String, number: usize },
    /// A client deletes a key at a replica.
    Delete { replica: u64, key: String, number: usize },
    /// What one sends to the other does not arrive any more.
    Cut { from: u64, to: u64 },
    /// It arrives again.
    Heal { from: u64, to: u64 },
    /// All connections between two replicas break.
    Reset { a: u64, b: u64 },
    /// The process ends at once, as with `kill -9`.
    Kill { replica: u64 },
    /// The process is told to end, and ends in good order.
    Stop { replica: u64 },
    /// The process is started again; its wall clock is wrong by so many seconds. Where there never was such a
    /// replica it is a newcomer with an empty directory (only in the simulated fleet).
    Start { replica: u64, clock: i64 },
    /// The process stands still, and its connections stay.
    Pause { replica: u64 },
    /// The process goes on.
    Continue { replica: u64 },

    /// What one sends to the other takes so long from now on.
    Slow {
        from: u64,
        to: u64,
        #[serde(with = "millis")]
        takes: Duration,
    },
    /// The process dies at the moment when so many more batches are on disk, the last of them with no answer
    /// given: between any two commits, and between commit and answer.
    KillAtCommit { replica: u64, commits: u64 },
    /// The process dies, and the last commits are gone though they were answered: a disk that lies, or a volume
    /// that was put back a little.
    KillAndLose { replica: u64, commits: usize },
    /// After so many more commits each write to the disk fails, until the process is started again.
    FailDisk { replica: u64, commits: u64 },
    /// The disk is full: each write fails, also after a start, until there is room again.
    FillDisk { replica: u64 },
    /// There is room on the disk again.
    FreeDisk { replica: u64 },
    /// Somebody makes a copy of the directory.
    Backup { replica: u64 },
    /// The process dies, and its directory is replaced by the last copy; where there is none nothing happens.
    Restore { replica: u64 },
    /// The wall clock jumps by so many seconds, and runs at so many percent of its speed: 0 is a clock that stands
    /// still.
    Clock { replica: u64, jump: i64, percent: u32 },
    /// The process dies after so many more polls of its tasks: at any await, between the one that sends and the one
    /// that notes it, for example.
    KillAtPoll { replica: u64, polls: u64 },
    /// An operator removes a replica from the fleet for good, at another one.
    Remove { replica: u64, at: u64 },
    /// A second process is started under the id of a replica, which may run on: with a copy of its directory, or with
    /// an empty one. What befalls it later, and what it holds, is under the number `double`.
    Double { replica: u64, double: u64, copied: bool },
}

impl Action {
    /// Whether it can only be done to a simulated fleet.
    pub fn is_only_simulated(&self) -> bool {
        match self {
            Self::Put { .. }
            | Self::Delete { .. }
            | Self::Cut { .. }
            | Self::Heal { .. }
            | Self::Reset { .. }
            | Self::Kill { .. }
            | Self::Stop { .. }
            | Self::Start { .. }
            | Self::Pause { .. }
            | Self::Continue { .. } => false,
            Self::Slow { .. }
            | Self::KillAtCommit { .. }
            | Self::KillAndLose { .. }
            | Self::FailDisk { .. }
            | Self::FillDisk { .. }
            | Self::FreeDisk { .. }
            | Self::Backup { .. }
            | Self::Restore { .. }
            | Self::Clock { .. }
            | Self::KillAtPoll { .. }
            | Self::Remove { .. }
            | Self::Double { .. } => true,
        }
    }

    /// Whether a client does it.
    pub fn is_write(&self) -> bool {
        matches!(self, Self::Put { .. } | Self::Delete { .. })
    }

    /// What it is called where it is counted.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Put { .. } => "put",
            Self::Delete { .. } => "delete",
            Self::Cut { .. } => "cut",
            Self::Heal { .. } => "heal",
            Self::Reset { .. } => "reset",
            Self::Kill { .. } => "kill",
            Self::Stop { .. } => "stop",
            Self::Start { .. } => "start",
            Self::Pause { .. } => "pause",
            Self::Continue { .. } => "continue",
            Self::Slow { .. } => "slow",
            Self::KillAtCommit { .. } => "kill at commit",
            Self::KillAndLose { .. } => "kill and lose",
            Self::FailDisk { .. } => "fail disk",
            Self::FillDisk { .. } => "fill disk",
            Self::FreeDisk { .. } => "free disk",
            Self::Backup { .. } => "backup",
            Self::Restore { .. } => "restore",
            Self::Clock { .. } => "clock",
            Self::KillAtPoll { .. } => "kill at poll",
            Self::Remove { .. } => "remove",
            Self::Double { .. } => "double",
        }
    }

    /// The replicas that it befalls; none but the client's where it is a write.
    pub fn replicas(&self) -> Vec<u64> {
        match *self {
            Self::Cut { from, to } | Self::Heal { from, to } | Self::Slow { from, to, .. } => vec![from, to],
            Self::Reset { a, b } => vec![a, b],
            Self::Remove { replica, at } => vec![replica, at],
            Self::Double { replica, double, .. } => vec![replica, double],
            Self::Put { replica, .. }
            | Self::Delete { replica, .. }
            | Self::Kill { replica }
            | Self::Stop { replica }
            | Self::Start { replica, .. }
            | Self::Pause { replica }
            | Self::Continue { replica }
            | Self::KillAtCommit { replica, .. }
            | Self::KillAtPoll { replica, .. }
            | Self::KillAndLose { replica, .. }
            | Self::FailDisk { replica, .. }
            | Self::FillDisk { replica }
            | Self::FreeDisk { replica }
            | Self::Backup { replica }
            | Self::Restore { replica }
            | Self::Clock { replica, .. } => vec![replica],
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Put { replica, key, value, .. } => write!(f, "replica {replica}: put {key} {value}"),
            Self::Delete { replica, key, number } => {
                write!(f, "replica {replica}: delete {key} (w{number})")
            }
            Self::Cut { from, to } => write!(f, "cut {from} -> {to}"),
            Self::Heal { from, to } => write!(f, "heal {from} -> {to}"),
            Self::Reset { a, b } => write!(f, "break connections between {a} and {b}"),
            Self::Kill { replica } => write!(f, "replica {replica}: kill -9"),
            Self::Stop { replica } => write!(f, "replica {replica}: stop"),
            Self::Start { replica, clock: 0 } => write!(f, "replica {replica}: start"),
            Self::Start { replica, clock } => {
                write!(f, "replica {replica}: start, with a clock that is {clock:+} s wrong")
            }
            Self::Pause { replica } => write!(f, "replica {replica}: stand still"),
            Self::Continue { replica } => write!(f, "replica {replica}: go on"),
            Self::Slow { from, to, takes } => write!(f, "latency {from} -> {to}: {} ms", takes.as_millis()),
            Self::KillAtCommit { replica, commits } => {
                write!(f, "replica {replica}: kill -9 right after {commits} more commits")
            }
            Self::KillAndLose { replica, commits } => {
                write!(f, "replica {replica}: kill -9, and the last {commits} commits are lost")
            }
            Self::FailDisk { replica, commits } => {
                write!(f, "replica {replica}: the disk fails after {commits} more commits")
            }
            Self::FillDisk { replica } => write!(f, "replica {replica}: the disk is full"),
            Self::FreeDisk { replica } => write!(f, "replica {replica}: there is room on the disk again"),
            Self::Backup { replica } => write!(f, "replica {replica}: a copy of the directory is made"),
            Self::Restore { replica } => {
                write!(f, "replica {replica}: kill -9, and the directory is replaced by the copy")
            }
            Self::Clock { replica, jump, percent } => {
                write!(f, "replica {replica}: the clock jumps by {jump:+} s and runs at {percent} %")
            }
            Self::KillAtPoll { replica, polls } => {
                write!(f, "replica {replica}: kill -9 after {polls} more polls of its tasks")
            }
            Self::Remove { replica, at } => write!(f, "replica {replica} is removed at replica {at}"),
            Self::Double { replica, double, copied } => {
                let directory = if *copied { "a copy of its directory" } else { "an empty directory" };
                write!(f, "replica {replica}: started a second time, as {double} here, with {directory}")
            }
        }
    }
}
