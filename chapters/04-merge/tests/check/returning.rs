//! 4.5: the replica that comes back, under three rules.

use std::time::Duration;

use merge::{Error, Merge, Options};
use store::ReplicaId;
use transcript::Transcript;

use crate::support::{Node, key, object, show};

/// When a tombstone is forgotten.
#[derive(Clone, Copy, PartialEq)]
enum Rule {
    /// When it is seven days old.
    Grace,
    /// When it is safe.
    Safe,
    /// When it is safe without those that were away for more than seven days.
    SafeWithLimit,
}

const DAY: Duration = Duration::from_secs(24 * 3600);

struct Days {
    rule: Rule,
    nodes: Vec<Node>,
    transcript: Transcript,
    day: u64,
}

impl Days {
    async fn new(rule: Rule) -> Self {
        let limit = if rule == Rule::SafeWithLimit { 7 } else { 1000 };
        let mut nodes = Vec::new();
        for replica in 1..=3 {
            let options =
                Options { settle: Duration::ZERO, away_limit: limit as u32 * DAY, ..Options::default() };
            nodes.push(Node::with(replica, options).await);
        }
        let columns = [(1, "us"), (2, "de"), (3, "sg")];
        Self { rule, nodes, transcript: Transcript::new(&columns), day: 0 }
    }

    /// The diagram counts in milliseconds; here one is a day.
    fn at(&self) -> Duration {
        Duration::from_millis(self.day)
    }

    fn note(&mut self, replica: u64, text: impl Into<String>) {
        self.transcript.note(self.at(), replica, text);
    }

    fn node(&self, replica: u64) -> &Node {
        &self.nodes[replica as usize - 1]
    }

    /// One replica gives another what it holds, and says what it knows.
    async fn give(&mut self, from: u64, to: u64, arrives: bool) {
        let held = self.node(from).held("apple").await;
        // Once all is back, the diagram shows only where the two differ.
        let shown = self.day < 11 || held != self.node(to).held("apple").await;
        if shown {
            let label = held.as_ref().map_or("nothing".into(), show);
            let message = self.transcript.sent(self.at(), from, to, label);
            if !arrives {
                return self.transcript.lost(self.at(), message);
            }
            self.transcript.received(self.at(), message);
        }
        let (giver, taker) = (self.node(from), self.node(to));
        if let Err(refused @ Error::LeftBehind(_)) = taker.merge.check(&taker.store, ReplicaId(from)).await {
            let words = refused.to_string();
            return self.note(to, words.split(':').next().unwrap_or_default());
        }
        let applied = match &held {
            Some(held) => Some(taker.apply("apple", held).await.name()),
            None => None,
        };
        if self.rule != Rule::Grace {
            let knowledge = giver.knowledge().await;
            let adopt = |merge: Merge, known| taker.store.write(move |write| merge.adopt(write, &known));
            adopt(taker.merge.clone(), knowledge.clone()).await.unwrap();
            taker.merge.report(ReplicaId(from), knowledge);
        }
        if let Some(applied) = applied.filter(|_| shown) {
            self.note(to, applied);
        }
    }

    async fn collect(&mut self, replica: u64, deleted_on: u64) {
        let node = self.node(replica);
        let forgotten = if self.rule == Rule::Grace {
            let over = self.day - deleted_on >= 7;
            let forget = node.store.write(move |write| {
                let tombstone = write.current(&key("apple"))?.filter(|object| over && object.is_tombstone());
                tombstone.map_or(Ok(false), |gone| write.forget(&key("apple"), &gone).map(|()| true))
            });
            forget.await.unwrap()
        } else {
            node.merge.collect(&node.store, &[1, 2, 3].map(ReplicaId)).await.unwrap().forgotten > 0
        };
        if forgotten {
            self.note(replica, "tombstone forgotten");
        }
    }
}

/// Replica 3 is away for ten days, and apple is deleted meanwhile.
async fn ten_days(rule: Rule) -> String {
    let mut days = Days::new(rule).await;
    days.nodes[2].apply("apple", &object("1@3", "green")).await;
    days.give(3, 1, true).await;
    days.give(3, 2, true).await;
    days.note(3, "is cut off");
    for day in 1..=12 {
        tokio::time::advance(DAY).await;
        days.day = day;
        if day == 1 {
            let tombstone = days.nodes[0].store.delete(&key("apple")).await.unwrap().unwrap();
            days.note(1, format!("deletes: {}", tombstone.version));
        }
        if day == 1 {
            days.give(1, 2, true).await;
            days.give(1, 3, false).await;
            days.give(2, 1, true).await;
        } else if rule != Rule::Grace && day < 11 {
            // They talk every day; the diagram shows the days on which something comes of it.
            for (from, to) in [(0, 1), (1, 0)] {
                let (giver, taker) = (&days.nodes[from], &days.nodes[to]);
                taker.merge.report(giver.id(), giver.knowledge().await);
            }
        }
        if day == 11 {
            days.note(3, "is back");
            for (from, to) in [(3, 1), (1, 3), (3, 2), (2, 3), (2, 1), (1, 2)] {
                days.give(from, to, true).await;
            }
        }
        if day == 12 && rule != Rule::Grace {
            for (from, to) in [(3, 1), (3, 2), (1, 3), (2, 3)] {
                let (giver, taker) = (&days.nodes[from - 1], &days.nodes[to - 1]);
                let known = giver.knowledge().await;
                taker.merge.report(giver.id(), known.clone());
                let merge = taker.merge.clone();
                taker.store.write(move |write| merge.adopt(write, &known)).await.unwrap();
            }
        }
        for replica in 1..=3 {
            days.collect(replica, 1).await;
        }
    }
    let mut story = days.transcript.to_string().replacen(" ms", "day", 1);
    for node in &days.nodes {
        story += &format!("\nreplica {} holds {}", node.id(), node.holds("apple").await);
    }
    story + "\n"
}

#[tokio::test(start_paused = true)]
async fn ex_4_5_a_grace_period_brings_the_dead_back() {
    check::promise(
        "With a grace period alone, a replica that was away for longer brings back what was deleted.",
    );
    check::snapshot!("grace", ten_days(Rule::Grace).await);
}

#[tokio::test(start_paused = true)]
async fn ex_4_5_the_tombstone_waits_for_the_one_that_is_away() {
    check::promise(
        "The tombstone is kept until the replica that was away has had it; then it goes, and nothing comes back.",
    );
    check::snapshot!("safe", ten_days(Rule::Safe).await);
}

#[tokio::test(start_paused = true)]
async fn ex_4_5_or_the_one_that_is_away_is_left_behind() {
    check::promise(
        "With a limit, nobody waits for ever: the replica that was away for longer is refused, and told what to do.",
    );
    check::snapshot!("safe_with_limit", ten_days(Rule::SafeWithLimit).await);
}
