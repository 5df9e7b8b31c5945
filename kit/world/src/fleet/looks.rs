//! What is seen of a fleet, while it runs.

use std::collections::{BTreeMap, BTreeSet};

use super::member::Member;
use super::{CLIENTS, Fleet};
use crate::excuses::Excuses;
use crate::facts::{Loss, Sight};
use crate::hearing;
use crate::process::Process;

impl Fleet {
    /// What each process that runs says that it knows and holds, by replica.
    pub fn sights(&mut self) -> Vec<Sight> {
        let all: Vec<u64> = self.members.keys().copied().collect();
        self.sights_of(&all)
    }

    /// The same of these.
    pub fn sights_of(&mut self, replicas: &[u64]) -> Vec<Sight> {
        let (now, numbers) = (self.now, self.numbers);
        let mut sights = Vec::new();
        for (replica, member) in self.members.iter_mut().filter(|(replica, _)| replicas.contains(replica)) {
            let Some(process) = member.process.as_mut().filter(|process| !process.stands_still()) else {
                continue;
            };
            if member.disk.has_died() || process.has_died() {
                continue;
            }
            hearing::at(now, *replica);
            let seen = process.sight().map(|(knows, data)| Sight {
                replica: *replica,
                data: numbers.data(data),
                knows: numbers.vector(knows),
                replaced: member.replaced,
            });
            sights.extend(seen);
        }
        hearing::at(now, CLIENTS);
        sights
    }

    /// What each process that runs keeps as lost.
    pub fn lost(&mut self) -> BTreeMap<u64, Vec<Loss>> {
        let (now, numbers) = (self.now, self.numbers);
        let mut all = BTreeMap::new();
        for (replica, member) in &mut self.members {
            hearing::at(now, *replica);
            let lost = member.process.as_mut().and_then(Process::lost);
            let lost = lost.map(|lost| lost.into_iter().map(|loss| numbers.loss(loss)).collect());
            all.extend(lost.map(|lost| (*replica, lost)));
        }
        hearing::at(now, CLIENTS);
        all
    }

    /// The replicas that run, each with how many tasks it has.
    pub fn tasks(&self) -> BTreeMap<u64, usize> {
        self.running().map(|(replica, process)| (replica, process.tasks())).collect()
    }

    /// The replicas that say that they are no part of the fleet any more, and why.
    pub fn withdrawn(&self) -> BTreeMap<u64, String> {
        self.running().filter_map(|(replica, process)| Some((replica, process.withdrawn()?))).collect()
    }

    /// The replicas that should run at the end: all that were ever started, but for those that were removed, and
    /// those that came with an empty directory and the id of another one.
    pub fn lasting(&self) -> BTreeSet<u64> {
        let Excuses { removed, doubles, .. } = &self.excuses;
        let lasts = |(replica, member): &(&u64, &Member)| {
            member.starts > 0 && !removed.contains(&member.id) && !doubles.contains(replica)
        };
        self.members.iter().filter(lasts).map(|(replica, _)| *replica).collect()
    }

    /// Those that run under the id of another one, or did, and that id.
    pub fn doubles(&self) -> BTreeMap<u64, u64> {
        let doubles = self.members.iter().filter(|(replica, member)| **replica != member.id);
        doubles.map(|(replica, member)| (*replica, member.id)).collect()
    }
}
