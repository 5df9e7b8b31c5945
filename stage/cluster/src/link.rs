//! One direction of the connection between two replicas.

use std::convert::Infallible;
use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, timeout_at};

/// The most bytes that are read at once.
const CHUNK: usize = 16 * 1024;

/// The most chunks in progress on one connection: after that the one that sends has to wait, as it would
/// for a full window of TCP.
const CHUNKS: usize = 64;

/// One direction between two replicas: how long bytes take, and whether they arrive at all. All
/// connections that lead this way share it.
#[derive(Clone, Debug)]
pub struct Link {
    state: watch::Sender<State>,
    carried: Arc<AtomicU64>,
}

#[derive(Clone, Copy, Debug)]
struct State {
    latency: Duration,
    up: bool,
}

impl Link {
    /// A way that is open.
    pub fn new(latency: Duration) -> Self {
        Self { state: watch::Sender::new(State { latency, up: true }), carried: Arc::default() }
    }

    /// How long bytes take.
    pub fn latency(&self) -> Duration {
        self.state.borrow().latency
    }

    /// Changes how long bytes take, those in progress too; none overtakes another.
    pub fn set_latency(&self, latency: Duration) {
        self.state.send_modify(|state| state.latency = latency);
    }

    /// Whether what is sent arrives.
    pub fn is_up(&self) -> bool {
        self.state.borrow().up
    }

    /// How many bytes have arrived.
    pub fn carried(&self) -> u64 {
        self.carried.load(Ordering::Relaxed)
    }

    /// Lets nothing arrive any more. What is sent waits, since TCP would send it again.
    pub fn cut(&self) {
        self.state.send_modify(|state| state.up = false);
    }

    /// Lets all arrive that waits, and what comes after it.
    pub fn heal(&self) {
        self.state.send_modify(|state| state.up = true);
    }

    /// Ends when that which was sent then has arrived.
    pub async fn arrive(&self, sent: Instant) {
        let mut watched = self.state.subscribe();
        loop {
            // The sender is in `self`: it outlives the wait.
            let Ok(state) = watched.wait_for(|state| state.up).await.map(|state| *state) else { return };
            if timeout_at(sent + state.latency, watched.changed()).await.is_err() {
                return;
            }
        }
    }

    /// Carries all bytes, and at last the end, from one side to the other. Returns when the end has
    /// arrived, or when nobody takes the bytes any more.
    pub(crate) async fn carry(&self, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
        let (under_way, mut arriving) = mpsc::channel(CHUNKS);
        let read = async move {
            let mut chunk = vec![0; CHUNK];
            while let Ok(length @ 1..) = from.read(&mut chunk).await {
                if under_way.send((Instant::now(), chunk[..length].to_vec())).await.is_err() {
                    break;
                }
            }
        };
        let write = async move {
            while let Some((sent, chunk)) = arriving.recv().await {
                self.arrive(sent).await;
                if to.write_all(&chunk).await.is_err() {
                    return;
                }
                self.carried.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            }
            self.arrive(Instant::now()).await;
            // A connection that is already gone needs no end.
            let _ = to.shutdown().await;
        };
        let mut write = pin!(write);
        let read = async {
            read.await;
            pending::<Infallible>().await
        };
        tokio::select! {
            () = write.as_mut() => {}
            never = read => match never {},
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{DuplexStream, duplex};

    use super::*;

    const LATENCY: Duration = Duration::from_millis(50);

    /// A link, the end that sends and the end that receives.
    fn link() -> (Link, DuplexStream, DuplexStream) {
        let link = Link::new(LATENCY);
        let ((sender, from), (to, receiver)) = (duplex(1 << 16), duplex(1 << 16));
        let carried = link.clone();
        tokio::spawn(async move { carried.carry(from, to).await });
        (link, sender, receiver)
    }

    async fn receive(receiver: &mut DuplexStream) -> u8 {
        receiver.read_u8().await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn each_chunk_takes_exactly_the_latency() {
        let (_link, mut sender, mut receiver) = link();
        let began = Instant::now();
        sender.write_u8(1).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
        sender.write_u8(2).await.unwrap();
        assert_eq!((receive(&mut receiver).await, began.elapsed().as_millis() / 10), (1, 5));
        assert_eq!((receive(&mut receiver).await, began.elapsed().as_millis() / 10), (2, 7));
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_cut_waits_until_it_is_healed_and_arrives_in_order() {
        let (link, mut sender, mut receiver) = link();
        let began = Instant::now();
        sender.write_u8(1).await.unwrap();
        tokio::time::sleep(LATENCY / 2).await;
        link.cut();
        sender.write_u8(2).await.unwrap();
        let nothing = tokio::time::timeout(Duration::from_secs(9), receiver.read_u8()).await;
        assert!(nothing.is_err(), "a byte came through a cut");
        link.heal();
        assert_eq!(receive(&mut receiver).await, 1);
        assert_eq!(receive(&mut receiver).await, 2);
        assert_eq!(began.elapsed().as_secs(), 9);
    }

    #[tokio::test(start_paused = true)]
    async fn a_latency_is_changed_for_what_is_under_way_too_and_what_arrives_is_counted() {
        let (link, mut sender, mut receiver) = link();
        let began = Instant::now();
        sender.write_u8(1).await.unwrap();
        tokio::time::sleep(LATENCY / 2).await;
        link.set_latency(LATENCY * 4);
        sender.write_u8(2).await.unwrap();
        assert_eq!((receive(&mut receiver).await, began.elapsed().as_millis() / 10), (1, 20));
        assert_eq!(link.carried(), 1);
        link.set_latency(Duration::ZERO);
        assert_eq!((receive(&mut receiver).await, began.elapsed().as_millis() / 10), (2, 20));
    }

    #[tokio::test(start_paused = true)]
    async fn the_end_arrives_too_and_not_through_a_cut() {
        let (link, sender, mut receiver) = link();
        link.cut();
        drop(sender);
        let nothing = tokio::time::timeout(Duration::from_secs(9), receiver.read_u8()).await;
        assert!(nothing.is_err(), "the end came through a cut");
        link.heal();
        assert_eq!(receiver.read(&mut [0]).await.unwrap(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_sends_into_a_cut_has_to_wait_at_last() {
        let (link, mut sender, _receiver) = link();
        link.cut();
        let whole = vec![0; (CHUNKS + 10) * CHUNK];
        let sent = tokio::time::timeout(Duration::from_secs(9), sender.write_all(&whole)).await;
        assert!(sent.is_err(), "{} bytes were taken in", whole.len());
    }
}
