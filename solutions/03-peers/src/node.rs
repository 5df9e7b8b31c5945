//! The process of a replica: its data, its service, its peers, and their common shutdown.

use std::sync::Arc;

use ::service::{Metrics, Registry, Service};
use engine::Engine;
use serve::{Caller, Config, Server, Shutdown};
use store::{Identity, Layer, ReplicaId, Store};
use tls::{Holder, Tls};
use tonic::service::Routes;

use crate::process::{Process, look_at};
use crate::{Dial, Error, Options, Peer, Peers, Role, Settings, TcpDial, identify};

/// A replica that has opened its data and its addresses, and answers once it runs.
pub struct Node {
    /// Its objects.
    pub store: Store,
    /// The key-value service on them.
    pub service: Service,
    /// The other replicas.
    pub peers: Peers,
    /// The shutdown of all of it.
    pub shutdown: Shutdown,
    engine: Engine,
    server: Server,
    tls: Option<Tls>,
}

impl Node {
    /// Opens the data and binds the addresses. `layers` are told of every write; `register` adds
    /// the metrics of the layers above.
    ///
    /// # Errors
    /// If the options do not say who this replica is, the data is another's, this replica was removed,
    /// or something cannot be opened.
    pub async fn open(
        options: &Options,
        layers: Vec<Box<dyn Layer>>,
        register: impl FnOnce(&mut Registry),
    ) -> Result<Self, Error> {
        let sources = options.sources()?;
        let (replica, line) = (identify(&sources)?, sources.fleet_line()?);
        let region = options.region.clone().or_else(|| line.as_ref().map(|line| line.region.clone()));
        let region = region.unwrap_or_else(|| "local".into());
        let tls =
            options.tls_files()?.map(Tls::load).transpose().map_err(|error| Error::Tls(error.to_string()))?;
        if let Some(tls) = &tls {
            certified(replica, tls, options)?;
        }
        let dial = TcpDial::new(tls.clone()).through(options.dial.clone());
        let seeds = options.seeds(tls.is_some());
        seeds.list.iter().try_for_each(|seed| dial.check(seed))?;
        let config = Config {
            grpc: options.grpc,
            http: options.http,
            tls: tls.clone(),
            trust_network: options.trust_network,
            grace: options.grace,
        };
        warn_of_the_network(&config);
        let server = Server::bind(config).await?;
        let advertised = options.advertise.clone().or(line.map(|line| line.address));
        let address = match advertised {
            Some(address) => address,
            None if server.grpc().ip().is_unspecified() => {
                return Err(Error::NoAddress(server.grpc().to_string()));
            }
            None => format!("{}://{}", if tls.is_some() { "https" } else { "http" }, server.grpc()),
        };
        dial.check(&address)?;
        let engine = Engine::leveldb(&options.directory).await?;
        let identity = Identity { replica, region: region.clone(), owner: options.owner.clone() };
        let store = Store::open(engine.clone(), identity, layers).await?;
        // It has not asked anybody yet, so it announces itself to nobody either.
        store.joins("it has just started").await?;
        let me = Peer { replica: replica.0, address, region, ..Peer::default() };
        let settings = Settings { interval: options.ping_interval, seeds };
        let peers = Peers::open(store.clone(), me, settings, Arc::new(dial)).await?;
        let metrics = Metrics::with(|registry| {
            registry.register_collector(Box::new(Process { tls: tls.clone() }));
            peers.register(registry);
            register(registry);
        });
        let shutdown = Shutdown::on_signal()?;
        let service = Service::new(store.clone(), metrics, shutdown.clone());
        Ok(Self { store, service, peers, shutdown, engine, server, tls })
    }

    /// Serves, with the services that `add` puts beside its own, joins its fleet, pings its peers, and runs `background`,
    /// which has to end when the shutdown begins. Returns when all of them have ended and the data is
    /// closed.
    ///
    /// # Errors
    /// If the server failed, or this replica must stop, see [`Peers::run`].
    pub async fn run(
        self,
        add: impl FnOnce(Routes) -> Routes,
        background: impl Future<Output = ()>,
    ) -> Result<(), Error> {
        let Self { service, peers, shutdown, engine, server, tls, .. } = self;
        let routes =
            service.routes_with(|routes| serve::guard(add(routes.add_service(peers.server())), Role::rule));
        let serve = async {
            let served = server.run(routes, Arc::new(service), proto::DESCRIPTORS, shutdown.clone()).await;
            shutdown.begin();
            served
        };
        let ping = async {
            let pinged = peers.run(&shutdown).await;
            shutdown.begin();
            pinged
        };
        let (served, pinged, (), ()) = tokio::join!(serve, ping, background, look_at(tls, &shutdown));
        engine.close().await?;
        pinged?;
        Ok(served?)
    }
}

/// Whether this replica's certificate is its own: otherwise others would take it for another
/// replica.
fn certified(replica: ReplicaId, tls: &Tls, options: &Options) -> Result<(), Error> {
    match tls.holder() {
        Holder::Replica(id) if id == replica.0 => Ok(()),
        holder => {
            let certificate = options.tls_cert.clone().unwrap_or_default();
            Err(Error::NotMyCertificate { replica, certificate, holder })
        }
    }
}

/// Warns what a port without TLS means, if other machines can reach it.
fn warn_of_the_network(config: &Config) {
    if config.tls.is_some() || config.grpc.ip().is_loopback() {
        return;
    }
    match config.plain_caller() {
        Caller::Trusted => tracing::warn!(
            grpc = %config.grpc,
            "the network is trusted: whoever reaches this port may read, write, and change the fleet"
        ),
        _ => tracing::warn!(
            grpc = %config.grpc,
            "without TLS only clients are served here, and anybody is one: other replicas and operators are \
             refused; give --tls-ca, --tls-cert and --tls-key, or --trust-network"
        ),
    }
}
