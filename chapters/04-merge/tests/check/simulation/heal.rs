//! The end of a run: all links are healed, everybody hears from everybody.

use super::network::{Network, SESSION};

impl Network {
    /// All is healed, and everything that is still on its way arrives: until nothing changes any more.
    pub fn heal(&mut self) -> Result<(), String> {
        self.cut.clear();
        self.tell(|_| "all links are healed, and all that is on its way arrives".into());
        let pairs = self.pairs();
        for _ in 0..4 {
            for pair in pairs.clone() {
                while self.streams.get(&pair).is_some_and(|stream| !stream.messages.is_empty()) {
                    self.receive(pair)?;
                }
                self.passes.remove(&pair);
                self.slice(pair)?;
                while self.passes.contains_key(&pair) {
                    self.slice(pair)?;
                }
            }
        }
        self.repairs.clear();
        self.streams.clear();
        Ok(())
    }

    /// Everybody hears from everybody for long enough, and collects; who is refused is given up in turn.
    pub fn settle_and_collect(&mut self) {
        for (a, b) in self.pairs() {
            if !self.contact((a, b)) {
                let id = self.replicas[b].id;
                self.replicas[a].left_behind.insert(id);
            }
        }
        for _ in 0..4 {
            for pair in self.pairs() {
                if self.contact(pair) {
                    let begun = [self.replicas[pair.0].knowledge(), self.replicas[pair.1].knowledge()];
                    self.exchange_reports(pair, &begun);
                    self.replicas[pair.0].adopt(&begun[1], true);
                }
            }
            self.now += SESSION;
        }
        (0..self.replicas.len()).for_each(|at| self.collect(at));
    }
}
