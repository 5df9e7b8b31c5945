//! Complaints that a fault of the schedule explains. Each excuse is for one replica, and for words that tell of that
//! fault: whatever else a replica complains of is somebody's to look at.

use std::collections::BTreeSet;

use crate::numbers::Numbers;

/// The faults that explain complaints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excuses {
    /// What replicas call each other.
    pub numbers: Numbers,
    /// Those whose disk failed or was full at some time.
    pub failed_disks: BTreeSet<u64>,
    /// Those that were removed.
    pub removed: BTreeSet<u64>,
    /// Those that went back in time, or that a copy of was started.
    pub went_back: BTreeSet<u64>,
    /// Those that were started with an empty directory and the id of another one.
    pub doubles: BTreeSet<u64>,
}

impl Excuses {
    /// Whether what a replica said follows from what befell it, or another one that it speaks of. `at` is where it
    /// runs: two may have one id.
    pub fn explain(&self, at: u64, replica: u64, text: &str) -> bool {
        let id = self.numbers.id(replica);
        let disk = self.failed_disks.contains(&at) && text.contains("the memory disk");
        let removed = self.removed.contains(&replica)
            && text.contains(&format!("replica {id} was removed from the fleet"));
        let back = self.went_back.contains(&at) && text.starts_with("this replica went back in time");
        let refused = |gone: &u64| {
            let gone = self.numbers.id(*gone);
            text == format!("it went back in time, and is refused from now on replica={gone}")
        };
        let taken = self.doubles.contains(&at)
            && text.contains(&format!("replica id {id} is taken by the replica at"));
        disk || removed || back || taken || self.went_back.iter().any(refused)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excuse_is_for_one_replica_and_for_the_words_of_its_fault() {
        let one = || BTreeSet::from([1]);
        let full = "the upkeep failed error=cannot write to the memory disk: there is no room left";
        let removed = "this replica may not go on error=replica 1 was removed from the fleet; start it anew";
        let back =
            "this replica went back in time, and takes no writes any more: replica 2 knows writes of it";
        let refused = "it went back in time, and is refused from now on replica=1";
        let taken =
            "it ended: refused by a peer: replica id 1 is taken by the replica at http://replica-1:4400";
        let explained = |excuses: &Excuses, at, id| {
            [full, removed, back, refused, taken].map(|text| excuses.explain(at, id, text))
        };
        let disk = Excuses { failed_disks: one(), ..Excuses::default() };
        assert_eq!(explained(&disk, 1, 1), [true, false, false, false, false]);
        assert_eq!(explained(&disk, 2, 2), [false; 5]);
        let gone = Excuses { removed: one(), ..Excuses::default() };
        assert_eq!(explained(&gone, 1, 1), [false, true, false, false, false]);
        assert_eq!(explained(&gone, 2, 2), [false; 5]);
        let back = Excuses { went_back: one(), ..Excuses::default() };
        assert_eq!(explained(&back, 1, 1), [false, false, true, true, false]);
        assert_eq!(explained(&back, 2, 2), [false, false, false, true, false]);
        let double = Excuses { doubles: BTreeSet::from([101]), ..Excuses::default() };
        assert_eq!(explained(&double, 101, 1), [false, false, false, false, true]);
        assert_eq!(explained(&double, 1, 1), [false; 5]);
    }
}
