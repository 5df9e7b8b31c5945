//! A network between replicas: latency, cuts and resets, in tokio's time.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use hyper_util::rt::{TokioIo, TokioTimer};
use serve::Caller;
use tokio::io::DuplexStream;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};
use tokio::time::sleep;
use tonic::service::Routes;
use tonic::transport::{Channel, Endpoint, Error, Uri};
use tower::Service;

use crate::link::{Link, Wire};
use crate::{WINDOW, endpoint, protocol, serve};

/// How often a server is asked whether it is still there, and how long it has to answer.
const CLIENT_KEEP_ALIVE: (Duration, Duration) = (Duration::from_secs(10), Duration::from_secs(5));

/// The same for a client, as a replica's server has it.
const SERVER_KEEP_ALIVE: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(20));

/// Replicas, and the links between them. Initially no link delays anything. Clones share the
/// network; when the last is dropped, all of its connections end.
///
/// Each replica may have its own runtime, as it has its own process: its answers run where it was
/// served, its requests where they were made, and messages in flight where the network was created.
#[derive(Clone, Debug)]
pub struct Network(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    window: u32,
    home: Handle,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    served: BTreeMap<u64, Served>,
    /// One way each: from, to.
    links: BTreeMap<(u64, u64), watch::Sender<Link>>,
    connections: usize,
}

/// The routes of a replica, and the runtime that serves them.
#[derive(Clone, Debug)]
struct Served {
    routes: Routes,
    at: Handle,
}

impl Default for Network {
    fn default() -> Self {
        Self::new()
    }
}

impl Network {
    /// A network without replicas, with windows of 64 KiB.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub fn new() -> Self {
        Self::with_window(WINDOW)
    }

    /// A network in which a sender waits when `bytes` are on their way, or there and not yet read: the
    /// windows of HTTP/2, of a stream and of the connection, are that large.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub fn with_window(bytes: u32) -> Self {
        Self(Arc::new(Shared { window: bytes, home: Handle::current(), state: Mutex::default() }))
    }

    /// Serves a replica in the present runtime. One that was served before answers new connections with these
    /// routes.
    ///
    /// # Panics
    /// Outside of a runtime.
    pub fn serve(&self, replica: u64, routes: Routes) {
        self.0.lock().served.insert(replica, Served { routes, at: Handle::current() });
    }

    /// The replica's process dies: its connections break, including those that it made, and new
    /// ones to it are refused until it is served again.
    pub fn remove(&self, replica: u64) {
        let mut state = self.0.lock();
        state.served.remove(&replica);
        for ((from, to), link) in &state.links {
            if *from == replica || *to == replica {
                link.send_modify(Link::reset);
            }
        }
    }

    /// A channel from one replica to another. As a real peer's, it finds out that nobody answers any more by
    /// keep-alive (every 10 seconds, also while idle; 5 seconds for the answer), and it connects again when
    /// it is next used.
    ///
    /// A connection takes a round trip, and waits for as long as a link on its way is cut: give it a
    /// deadline.
    ///
    /// # Errors
    /// If that replica is not served: the connection is refused.
    pub async fn connect(&self, from: u64, to: u64) -> Result<Channel, Error> {
        self.endpoint().connect_with_connector(connector(&self.0, from, to)).await
    }

    /// The same, but it connects when it is first used.
    pub fn connect_lazily(&self, from: u64, to: u64) -> Channel {
        self.endpoint().connect_with_connector_lazy(connector(&self.0, from, to))
    }

    fn endpoint(&self) -> Endpoint {
        endpoint(self.0.window)
            .http2_keep_alive_interval(CLIENT_KEEP_ALIVE.0)
            .keep_alive_timeout(CLIENT_KEEP_ALIVE.1)
            .keep_alive_while_idle(true)
    }

    /// Adds latency between the two, in both directions.
    pub fn latency(&self, a: u64, b: u64, one_way: Duration) {
        self.both(a, b, |link| link.latency = one_way);
    }

    /// Adds latency from `from` to `to`.
    pub fn latency_one_way(&self, from: u64, to: u64, takes: Duration) {
        self.0.lock().link(from, to).send_modify(|link| link.latency = takes);
    }

    /// Nothing that `from` sends arrives at `to`, connections and answers included, until it is healed.
    pub fn cut(&self, from: u64, to: u64) {
        self.0.lock().link(from, to).send_modify(|link| link.cut = true);
    }

    /// Messages held back since the cut are sent again, in order, and arrive after the link's
    /// latency.
    pub fn heal(&self, from: u64, to: u64) {
        self.0.lock().link(from, to).send_modify(|link| link.cut = false);
    }

    /// The connections between the two break, whoever made them, and both ends see it at once.
    pub fn reset(&self, a: u64, b: u64) {
        self.both(a, b, Link::reset);
    }

    /// How many connections were ever made.
    pub fn connections(&self) -> usize {
        self.0.lock().connections
    }

    fn both(&self, a: u64, b: u64, change: impl Fn(&mut Link)) {
        let mut state = self.0.lock();
        state.link(a, b).send_modify(&change);
        state.link(b, a).send_modify(&change);
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn dial(network: &Weak<Self>, from: u64, to: u64) -> io::Result<DuplexStream> {
        let gone =
            || io::Error::other("the network of this test is gone: hold it for as long as its channels");
        let there = network.upgrade().ok_or_else(gone)?.lock().link(from, to).subscribe();
        cross(there).await?;
        let (near, arrived) = network.upgrade().ok_or_else(gone)?.accept(from, to)?;
        arrived.await.map_err(|_| io::Error::from(io::ErrorKind::ConnectionReset))?;
        Ok(near)
    }

    /// Serves a new connection. The dialer has it when the first bytes of the server arrive: by then it
    /// knows the server's windows.
    fn accept(&self, from: u64, to: u64) -> io::Result<(DuplexStream, oneshot::Receiver<()>)> {
        let mut state = self.lock();
        let refused = || {
            let words = format!("replica {to} refused the connection: it is not served");
            io::Error::new(io::ErrorKind::ConnectionRefused, words)
        };
        let Served { routes, at } = state.served.get(&to).cloned().ok_or_else(refused)?;
        state.connections += 1;
        // Headers have no window: a pipe as narrow as a small one would let them wait for each other.
        let pipe = self.window.max(WINDOW) as usize;
        let (near, near_end) = tokio::io::duplex(pipe);
        let (far, far_end) = tokio::io::duplex(pipe);
        let (there, back) = (state.link(from, to).subscribe(), state.link(to, from).subscribe());
        let (arrives, arrived) = oneshot::channel();
        let wire = Wire { there, back, near: near_end, far: far_end, room: pipe, arrives };
        self.home.spawn(wire.run());
        let mut protocol = protocol(self.window);
        protocol
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(SERVER_KEEP_ALIVE.0)
            .keep_alive_timeout(SERVER_KEEP_ALIVE.1);
        // Only the test itself is on this network.
        at.spawn(serve(Caller::Trusted, routes, far, protocol));
        Ok((near, arrived))
    }
}

impl State {
    fn link(&mut self, from: u64, to: u64) -> &watch::Sender<Link> {
        self.links.entry((from, to)).or_insert_with(|| watch::Sender::new(Link::default()))
    }
}

/// Makes connections from one replica to another.
fn connector(
    network: &Arc<Shared>,
    from: u64,
    to: u64,
) -> impl Service<Uri, Response = TokioIo<DuplexStream>, Error = io::Error, Future: Send> + Send + 'static {
    // Routes hold channels, and channels hold the network: they must not keep each other alive.
    let network = Arc::downgrade(network);
    tower::service_fn(move |_| {
        let network = network.clone();
        async move { Shared::dial(&network, from, to).await.map(TokioIo::new) }
    })
}

/// Waits for as long as the first bytes of a connection need.
async fn cross(mut link: watch::Receiver<Link>) -> io::Result<()> {
    let gone = |_| io::Error::from(io::ErrorKind::ConnectionReset);
    loop {
        let latency = link.wait_for(|link| !link.cut).await.map_err(gone)?.latency;
        tokio::select! {
            biased;
            cut = link.wait_for(|link| link.cut) => { cut.map_err(gone)?; }
            () = sleep(latency) => return Ok(()),
        }
    }
}
