//! What is counted, and the span that each request runs in.
//!
//! Names and units follow Prometheus' conventions: base units, the unit in the
//! name, `_total` for counters.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, LazyLock};

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use prost::Message;
use prost_types::FileDescriptorSet;
use serve::{Call, Observe};
use store::{Hold, Object, Store};
use tokio::time::Instant;
use tonic::Code;
use tracing::Span;

/// The paths of all methods. Anything else counts as "unknown": a client may ask for anything, and
/// each label is kept forever.
static METHODS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
    let files = FileDescriptorSet::decode(proto::DESCRIPTORS).unwrap_or_default().file;
    let services = files.iter().flat_map(|file| file.service.iter().map(|service| (file.package(), service)));
    let path = |package, service: &str, method: &str| format!("{package}.{service}/{method}");
    services
        .flat_map(|(package, service)| {
            service.method.iter().map(move |method| path(package, service.name(), method.name()))
        })
        .collect()
});

/// The labels of a metric: names and values.
type Labels<const N: usize> = [(&'static str, String); N];

/// The metrics of a replica. Cheap to clone; all clones count together.
#[derive(Clone)]
pub struct Metrics(Arc<Families>);

struct Families {
    registry: Registry,
    requests: Family<Labels<2>, Counter>,
    in_flight: Family<Labels<1>, Gauge>,
    duration: Family<Labels<1>, Histogram>,
    stream_messages: Family<Labels<2>, Counter>,
    reads: Counter,
    writes: Family<Labels<1>, Counter>,
    read_bytes: Counter,
    written_bytes: Counter,
    objects: Gauge,
    tombstones: Gauge,
    clock: Gauge,
    held: Family<[(&'static str, &'static str); 1], Gauge>,
    commits: Counter,
    dropped: Counter,
    stopped: Gauge,
    disk: Gauge,
    queue: Gauge,
    queue_most: Gauge,
    damaged: Counter,
}

impl Default for Metrics {
    fn default() -> Self {
        Self::with(|_| {})
    }
}

impl Metrics {
    /// With those that `register` adds: the layers above put their metrics on the same page.
    pub fn with(register: impl FnOnce(&mut Registry)) -> Self {
        let mut families = Families {
            registry: Registry::with_prefix("atoll"),
            requests: Family::default(),
            in_flight: Family::default(),
            // From 0.5 ms, about what a read takes, to 16 s, beyond any sensible deadline.
            duration: Family::new_with_constructor(|| Histogram::new(exponential_buckets(0.0005, 2.0, 16))),
            stream_messages: Family::default(),
            reads: Counter::default(),
            writes: Family::default(),
            read_bytes: Counter::default(),
            written_bytes: Counter::default(),
            objects: Gauge::default(),
            tombstones: Gauge::default(),
            clock: Gauge::default(),
            held: Family::default(),
            commits: Counter::default(),
            dropped: Counter::default(),
            stopped: Gauge::default(),
            disk: Gauge::default(),
            queue: Gauge::default(),
            queue_most: Gauge::default(),
            damaged: Counter::default(),
        };
        families.register();
        register(&mut families.registry);
        Self(Arc::new(families))
    }
}

impl Families {
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("requests", "Requests that ended, by method and code", self.requests.clone());
        registry.register("requests_in_flight", "Requests that have not ended", self.in_flight.clone());
        registry.register_with_unit(
            "request_duration",
            "From the request's head to the end of its answer",
            Unit::Seconds,
            self.duration.clone(),
        );
        registry.register(
            "stream_messages",
            "Messages of streams, by method and direction",
            self.stream_messages.clone(),
        );
        registry.register("object_reads", "Objects that were read for a client", self.reads.clone());
        registry.register("object_writes", "Objects that were written, by kind", self.writes.clone());
        let (read, written) = (self.read_bytes.clone(), self.written_bytes.clone());
        registry.register_with_unit("object_read", "Bytes of the values that were read", Unit::Bytes, read);
        registry.register_with_unit(
            "object_written",
            "Bytes of the values that were written",
            Unit::Bytes,
            written,
        );
        registry.register("objects", "Objects that have a value", self.objects.clone());
        registry.register(
            "tombstones",
            "Objects that were deleted and are remembered",
            self.tombstones.clone(),
        );
        registry.register("clock", "Where the Lamport clock stands", self.clock.clone());
        let held = "1 where no writes of clients are taken, by reason";
        registry.register("held", held, self.held.clone());
        registry.register(
            "engine_commits",
            "Groups of writes that went to disk since the start",
            self.commits.clone(),
        );
        registry.register_with_unit(
            "engine_dropped",
            "Bytes of a write under way that the start found at the end of the log, and left out",
            Unit::Bytes,
            self.dropped.clone(),
        );
        registry.register(
            "engine_stopped",
            "1 where the engine has failed and does no more",
            self.stopped.clone(),
        );
        registry.register_with_unit("engine_disk", "Bytes of its files", Unit::Bytes, self.disk.clone());
        registry.register("engine_queue", "Calls that wait for the engine", self.queue.clone());
        let most = "How many calls may wait for the engine; the next one waits for a place";
        registry.register("engine_queue_most", most, self.queue_most.clone());
        let damaged = "Records that were found since the start and cannot be read; the log names each";
        registry.register("damaged_records", damaged, self.damaged.clone());
    }
}

impl Metrics {
    /// An object was read for a client.
    pub fn read(&self, object: &Object) {
        self.0.reads.inc();
        self.0.read_bytes.inc_by(object.value().unwrap_or_default().len() as u64);
    }

    /// An object was written for a client.
    pub fn wrote(&self, object: &Object) {
        let kind = if object.is_tombstone() { "tombstone" } else { "value" };
        self.0.writes.get_or_create(&[("kind", kind.into())]).inc();
        self.0.written_bytes.inc_by(object.value().unwrap_or_default().len() as u64);
    }

    /// A message was sent within a stream.
    pub fn sent_in_stream(&self, method: &str) {
        self.stream_message(method, "sent");
    }

    /// A message was received within a stream.
    pub fn received_in_stream(&self, method: &str) {
        self.stream_message(method, "received");
    }

    fn stream_message(&self, method: &str, direction: &str) {
        let labels = [("method", method.into()), ("direction", direction.into())];
        self.0.stream_messages.get_or_create(&labels).inc();
    }

    /// The page that Prometheus reads, with the store's current numbers.
    pub async fn page(&self, store: &Store) -> String {
        if let (Ok(counts), Ok(clock)) = (store.counts().await, store.clock().await) {
            self.0.objects.set(counts.objects as i64);
            self.0.tombstones.set(counts.tombstones as i64);
            self.0.clock.set(clock as i64);
        }
        let hold = store.hold();
        let reasons = [
            ("joining", matches!(hold, Some(Hold::Joining(_)))),
            ("went_back", matches!(hold, Some(Hold::WentBack(_)))),
        ];
        for (reason, holds) in reasons {
            self.0.held.get_or_create(&[("reason", reason)]).set(holds.into());
        }
        let stats = store.engine().stats();
        self.0.commits.inner().store(stats.commits, Ordering::Relaxed);
        self.0.dropped.inner().store(stats.bytes_dropped, Ordering::Relaxed);
        self.0.damaged.inner().store(store.damaged(), Ordering::Relaxed);
        self.0.stopped.set(store.engine().stopped().is_some().into());
        let queue = store.engine().queue();
        self.0.queue.set(queue.waiting as i64);
        self.0.queue_most.set(queue.most as i64);
        self.0.disk.set(store.engine().bytes_on_disk().await.unwrap_or_default() as i64);
        let mut page = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut page, &self.0.registry);
        page
    }
}

/// One request, from its headers to the end of its answer.
struct Request {
    metrics: Metrics,
    method: &'static str,
    span: Span,
    began: Instant,
}

impl Observe for Metrics {
    fn begin(&self, method: &str, request_id: &str) -> Box<dyn Call> {
        let method = method_label(method);
        // exercise 2.5: Count each request, and give it a span
        //
        // `begin` is called when a request arrives, `end` once when its answer has ended, however
        // it ended. In between it counts in `in_flight`, whose label is an array of one pair:
        // `[("method", method.into())]`. Everything logged for the request is in one span
        // "request" with the fields `method`, `id` and `code`; the code is known only at the end,
        // so it is `tracing::field::Empty` for now.
        self.0.in_flight.get_or_create(&[("method", method.into())]).inc();
        let span = tracing::info_span!("request", method, id = request_id, code = tracing::field::Empty);
        Box::new(Request { metrics: self.clone(), method, span, began: Instant::now() })
        // end exercise 2.5
    }
}

/// The label of a method whose path is `atoll.kv.v1.KeyValue/Method`: no two services have a method of
/// the same name.
fn method_label(path: &str) -> &'static str {
    METHODS.get(path).and_then(|path| path.rsplit_once('/')).map_or("unknown", |(_, method)| method)
}

impl Call for Request {
    fn span(&self) -> Span {
        self.span.clone()
    }

    fn end(self: Box<Self>, code: Code) {
        // exercise 2.5, continued: when it has ended
        //
        // It is no longer in flight. It counts in `requests`, by method and code (its name, as
        // `{code:?}` gives it), and the seconds since it `began` go into `duration`, by method. The
        // span learns the code (`record`), and one line "ended" is logged within it.
        let (families, code) = (&self.metrics.0, format!("{code:?}"));
        let method = [("method", self.method.into())];
        families.in_flight.get_or_create(&method).dec();
        families.duration.get_or_create(&method).observe(self.began.elapsed().as_secs_f64());
        self.span.record("code", &code);
        self.span.in_scope(|| tracing::info!("ended"));
        families.requests.get_or_create(&[("method", self.method.into()), ("code", code)]).inc();
        // end exercise 2.5
    }
}
