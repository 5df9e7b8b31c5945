//! The links of the demo, and the actions on them.

use std::sync::Arc;
use std::time::Duration;

use cluster::Network;

use crate::command::Way;
use crate::event::What;
use crate::feed::Feed;
use crate::region::Region;

/// The links between the replicas. Every action on them is published.
#[derive(Clone, Debug)]
pub(crate) struct Wires {
    pub(crate) network: Arc<Network>,
    feed: Feed,
}

impl Wires {
    /// Tells how each link is.
    pub(crate) fn new(network: Network, feed: &Feed) -> Self {
        let wires = Self { network: Arc::new(network), feed: feed.clone() };
        Region::ways().for_each(|(from, to)| wires.tell(from, to));
        wires
    }

    /// Lets nothing arrive any more.
    pub(crate) fn cut(&self, way: Way) -> String {
        for (from, to) in way.directions() {
            self.network.cut(from.id(), to.id());
            self.tell(from, to);
        }
        self.note(format!("the link {} is cut", name(way)))
    }

    /// Lets it arrive again.
    pub(crate) fn heal(&self, way: Way) -> String {
        for (from, to) in way.directions() {
            self.network.heal(from.id(), to.id());
            self.tell(from, to);
        }
        self.note(format!("the link {} is open", name(way)))
    }

    /// Ends all cuts.
    pub(crate) fn heal_all(&self) -> String {
        self.network.heal_all();
        Region::ways().for_each(|(from, to)| self.tell(from, to));
        self.note("all links are open".to_owned())
    }

    /// Breaks all connections between two replicas.
    pub(crate) fn reset(&self, a: Region, b: Region) -> String {
        self.network.reset(a.id(), b.id());
        self.note(format!("the connections between {a} and {b} break"))
    }

    /// Sets how far apart two replicas are, in milliseconds there and back.
    pub(crate) fn round_trip(&self, a: Region, b: Region, ms: u32) -> String {
        let latency = Duration::from_millis(u64::from(ms)) / 2;
        for (from, to) in [(a, b), (b, a)] {
            self.network.link(from.id(), to.id()).into_iter().for_each(|link| link.set_latency(latency));
            self.tell(from, to);
        }
        self.note(format!("{a} - {b}: {ms} ms there and back"))
    }

    fn tell(&self, from: Region, to: Region) {
        let Some(link) = self.network.link(from.id(), to.id()) else { return };
        let (up, latency) = (link.is_up(), link.latency().as_secs_f64() * 1000.0);
        self.feed.tell(What::Link { from: from.id(), to: to.id(), up, latency });
    }

    fn note(&self, text: String) -> String {
        self.feed.note(None, text.clone());
        text
    }
}

fn name(Way { from, to, both }: Way) -> String {
    format!("{from} {} {to}", if both { "-" } else { ">" })
}
