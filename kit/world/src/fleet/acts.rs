//! What is done to a fleet.

use std::time::Duration;

use proto::peer::v1::RemovePeerRequest;
use rpc::peer::v1::peer_management_client::PeerManagementClient;
use tokio::time::sleep;
use tonic::Request;
use tonic::transport::Channel;

use super::Fleet;
use super::member::fresh;
use crate::action::Action;
use crate::process::Process;
use crate::wall_clock::WallClock;

/// How long an operator waits for an answer, and then before the next question.
const ANSWER: Duration = Duration::from_millis(500);

impl Fleet {
    /// Does to it what `action` says.
    pub fn act(&mut self, action: &Action) {
        match *action {
            Action::Put { replica, ref key, ref value, number } => {
                self.write(number, replica, key.clone(), Some(value.clone()));
            }
            Action::Delete { replica, ref key, number } => self.write(number, replica, key.clone(), None),
            Action::Cut { from, to } => self.network.cut(from, to),
            Action::Heal { from, to } => self.network.heal(from, to),
            Action::Reset { a, b } => self.network.reset(a, b),
            Action::Slow { from, to, takes } => self.network.latency_one_way(from, to, takes),
            Action::Kill { replica } => self.kill(replica),
            Action::Stop { replica } => self.stop(replica),
            Action::Start { replica, clock } => {
                let now = self.now;
                let member = self.member(replica);
                member.clock = WallClock::new(now);
                member.clock.set(now, clock, 100);
                self.start(replica);
            }
            Action::Pause { replica } => {
                self.process(replica).into_iter().for_each(Process::pause);
            }
            Action::Continue { replica } => self.go_on(replica),
            Action::KillAtCommit { replica, commits } => self.member(replica).disk.die_after(commits),
            Action::KillAtPoll { replica, polls } => {
                self.process(replica).into_iter().for_each(|process| process.die_after(polls));
            }
            Action::KillAndLose { replica, commits } => {
                self.kill(replica);
                if self.member(replica).disk.lose(commits) > 0 {
                    self.goes_back(replica);
                }
            }
            Action::FailDisk { replica, commits } => {
                self.excuses.failed_disks.insert(replica);
                let member = self.member(replica);
                member.failed = true;
                member.disk.fail_after(commits);
            }
            Action::FillDisk { replica } => {
                self.excuses.failed_disks.insert(replica);
                let member = self.member(replica);
                member.failed = true;
                member.disk.set_full(true);
            }
            Action::FreeDisk { replica } => self.member(replica).disk.set_full(false),
            Action::Backup { replica } => {
                let member = self.member(replica);
                member.copy = Some(member.disk.copy());
            }
            Action::Restore { replica } => {
                if let Some(copy) = self.member(replica).copy.clone() {
                    self.kill(replica);
                    self.member(replica).disk = fresh(copy.copy());
                    self.goes_back(replica);
                }
            }
            Action::Clock { replica, jump, percent } => {
                let now = self.now;
                self.member(replica).clock.set(now, jump, percent);
            }
            Action::Remove { replica, at } => self.remove(replica, at),
            Action::Double { replica, double, copied } => self.double(replica, double, copied),
        }
    }

    /// Heals the network and the disks, lets go on what stands still, and starts what is down or has no disk any
    /// more.
    pub fn heal(&mut self) {
        self.slow_no_more();
        let replicas: Vec<u64> = self.members.keys().copied().collect();
        for from in &replicas {
            replicas.iter().for_each(|to| self.network.heal(*from, *to));
        }
        for replica in replicas {
            self.go_on(replica);
            let member = self.member(replica);
            member.disk.set_full(false);
            let down = member.process.is_none() || member.failed || member.ends_by.is_some();
            // To one that nobody ever started clients may have written all the same.
            if down && member.starts > 0 {
                self.start(replica);
            }
        }
        for replica in self.excuses.removed.clone() {
            self.remove_until_it_is_done(replica);
        }
    }

    fn goes_back(&mut self, replica: u64) {
        self.excuses.went_back.insert(replica);
        self.member(replica).replaced += 1;
    }

    fn double(&mut self, replica: u64, double: u64, copied: bool) {
        let original = self.member(replica);
        let (copy, directory) = (original.disk.copy(), original.directory);
        let member = self.member(double);
        member.id = replica;
        if copied {
            (member.disk, member.directory) = (fresh(copy), directory);
            self.excuses.went_back.extend([replica, double]);
        } else {
            self.excuses.doubles.insert(double);
        }
        self.start(double);
    }

    /// An operator removes a replica at another one, and has no answer yet.
    fn remove(&mut self, replica: u64, at: u64) {
        self.excuses.removed.insert(replica);
        let (mut operator, id) = (self.operator(at), self.numbers.id(replica));
        self.home.spawn(async move {
            let _ = operator.remove_peer(RemovePeerRequest { replica: id }).await;
        });
    }

    /// The replica where it was removed may have been down, or have died with the answer: the operator asks until
    /// one of the others says that it is done.
    fn remove_until_it_is_done(&mut self, replica: u64) {
        let others: Vec<u64> = self.members.keys().copied().filter(|other| *other != replica).collect();
        let mut operators: Vec<_> = others.into_iter().map(|other| self.operator(other)).collect();
        let id = self.numbers.id(replica);
        self.home.spawn(async move {
            loop {
                for operator in &mut operators {
                    let mut request = Request::new(RemovePeerRequest { replica: id });
                    request.set_timeout(ANSWER);
                    if operator.remove_peer(request).await.is_ok() {
                        return;
                    }
                }
                sleep(ANSWER).await;
            }
        });
    }

    fn operator(&mut self, at: u64) -> PeerManagementClient<Channel> {
        PeerManagementClient::new(self.member(at).channel.clone())
    }
}
