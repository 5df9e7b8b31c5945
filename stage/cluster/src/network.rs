//! The network between the replicas: a link for each direction, and a proxy for each that dials.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use crate::link::Link;
use crate::proxy::Proxy;

/// All links between some replicas. A cut from 1 to 2 affects what 1 sends to 2, whoever made the
/// connection that it goes through.
#[derive(Debug)]
pub struct Network {
    links: BTreeMap<(u64, u64), Link>,
    proxies: BTreeMap<(u64, u64), Proxy>,
}

impl Network {
    /// Open links between all of these. `latency` says how long bytes take from one to another.
    ///
    /// # Errors
    /// If there are no free ports.
    pub async fn start(replicas: &[u64], latency: impl Fn(u64, u64) -> Duration) -> io::Result<Self> {
        let pairs = replicas.iter().flat_map(|&from| replicas.iter().map(move |&to| (from, to)));
        let pairs: Vec<_> = pairs.filter(|(from, to)| from != to).collect();
        let links: BTreeMap<_, _> =
            pairs.iter().map(|&(from, to)| ((from, to), Link::new(latency(from, to)))).collect();
        let mut proxies = BTreeMap::new();
        for (from, to) in pairs {
            let proxy = Proxy::start(links[&(from, to)].clone(), links[&(to, from)].clone()).await?;
            proxies.insert((from, to), proxy);
        }
        Ok(Self { links, proxies })
    }

    /// Where each other replica is, as seen from this one.
    pub fn addresses(&self, from: u64) -> impl Iterator<Item = (u64, SocketAddr)> {
        let proxies = self.proxies.iter().filter(move |((dialing, _), _)| *dialing == from);
        proxies.map(|((_, to), proxy)| (*to, proxy.address()))
    }

    /// The options that describe the network to a replica: it reaches the others through its own
    /// proxies, whatever address they announce.
    pub fn arguments(&self, replica: u64, region: &str) -> Vec<String> {
        let others: Vec<_> = self.addresses(replica).collect();
        let mut arguments =
            vec![format!("--region={region}"), format!("--advertise=http://replica-{replica}:4400")];
        // The first begins the fleet, and the others wait until it has.
        if replica != 1 {
            let seeds: Vec<_> = others.iter().map(|(_, address)| format!("http://{address}")).collect();
            arguments.push(format!("--seeds={}", seeds.join(",")));
        }
        arguments.extend(others.iter().map(|(other, address)| format!("--dial={other}=http://{address}")));
        arguments
    }

    /// A replica serves there from now on, or no longer.
    pub fn serves(&self, replica: u64, address: Option<SocketAddr>) {
        let proxies = self.proxies.iter().filter(|((_, to), _)| *to == replica);
        proxies.for_each(|(_, proxy)| proxy.lead_to(address));
    }

    /// The links, each with who sends and who receives.
    pub fn links(&self) -> impl Iterator<Item = ((u64, u64), &Link)> {
        self.links.iter().map(|(ends, link)| (*ends, link))
    }

    /// The link that carries what one sends to the other.
    pub fn link(&self, from: u64, to: u64) -> Option<&Link> {
        self.links.get(&(from, to))
    }

    /// Lets nothing arrive that one sends to the other.
    pub fn cut(&self, from: u64, to: u64) {
        self.links.get(&(from, to)).into_iter().for_each(Link::cut);
    }

    /// Ends a cut.
    pub fn heal(&self, from: u64, to: u64) {
        self.links.get(&(from, to)).into_iter().for_each(Link::heal);
    }

    /// Ends all cuts.
    pub fn heal_all(&self) {
        self.links.values().for_each(Link::heal);
    }

    /// Breaks all connections between two replicas.
    pub fn reset(&self, a: u64, b: u64) {
        [(a, b), (b, a)].iter().filter_map(|pair| self.proxies.get(pair)).for_each(Proxy::reset);
    }
}
