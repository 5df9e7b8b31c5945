//! The three replicas, by region.

use std::fmt;

/// A replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Region {
    /// United States.
    Us,
    /// Germany.
    De,
    /// Singapore.
    Sg,
}

impl Region {
    /// All of them, in the order of their ids.
    pub const ALL: [Self; 3] = [Self::Us, Self::De, Self::Sg];

    /// The replica's id.
    pub fn id(self) -> u64 {
        self as u64 + 1
    }

    /// The replica with this id.
    pub fn of(id: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|region| region.id() == id)
    }

    /// How commands name it.
    pub fn name(self) -> &'static str {
        ["us", "de", "sg"][self as usize]
    }

    /// How people name it.
    pub fn title(self) -> &'static str {
        ["United States", "Germany", "Singapore"][self as usize]
    }

    /// All directed pairs of replicas.
    pub fn ways() -> impl Iterator<Item = (Self, Self)> {
        let all = Self::ALL.into_iter().flat_map(|from| Self::ALL.map(|to| (from, to)));
        all.filter(|(from, to)| from != to)
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
