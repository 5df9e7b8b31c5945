//! The link between two replicas, and the bytes of a connection on it.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, WriteHalf, sink, split};
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, sleep_until};

/// One direction between two replicas.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Link {
    pub(crate) latency: Duration,
    pub(crate) cut: bool,
    /// How often the connections have been broken.
    resets: u64,
}

impl Link {
    pub(crate) fn reset(&mut self) {
        self.resets += 1;
    }
}

/// A connection through the network.
pub(crate) struct Wire {
    pub(crate) there: watch::Receiver<Link>,
    pub(crate) back: watch::Receiver<Link>,
    pub(crate) near: DuplexStream,
    pub(crate) far: DuplexStream,
    /// How many bytes may be in flight in each direction.
    pub(crate) room: usize,
    /// Told when the first bytes of the server arrive.
    pub(crate) arrives: oneshot::Sender<()>,
}

impl Wire {
    /// Carries bytes from end to end, until both ends have hung up or the connection breaks. Both
    /// ends see the end of their pipe then.
    pub(crate) fn run(self) -> impl Future<Output = ()> + Send {
        let Self { there, back, near, far, room, arrives } = self;
        // Here and not in the task: it may run only after a reset.
        let broken = broken(there.clone(), back.clone());
        let (near_reader, near_writer) = split(near);
        let (far_reader, far_writer) = split(far);
        let (hung_up, mut ends) = watch::channel(0);
        let there = OneWay {
            link: there,
            reader: near_reader,
            writer: far_writer,
            room,
            ended: false,
            hung_up: hung_up.clone(),
            arrives: None,
        };
        let back = OneWay {
            link: back,
            reader: far_reader,
            writer: near_writer,
            room,
            ended: false,
            hung_up,
            arrives: Some(arrives),
        };
        async move {
            tokio::select! {
                biased;
                () = broken => {}
                // Neither end listens: what is still held back needs to go nowhere.
                _ = ends.wait_for(|ends| *ends == 2) => {}
                _ = async { tokio::join!(there.run(), back.run()) } => {}
            }
        }
    }
}

/// Waits until a connection that uses these two links breaks, or their network is dropped.
fn broken(
    mut there: watch::Receiver<Link>,
    mut back: watch::Receiver<Link>,
) -> impl Future<Output = ()> + Send {
    let before = (there.borrow().resets, back.borrow().resets);
    async move {
        tokio::select! {
            biased;
            _ = there.wait_for(|link| link.resets != before.0) => {}
            _ = back.wait_for(|link| link.resets != before.1) => {}
        }
    }
}

/// One direction of a connection.
struct OneWay {
    link: watch::Receiver<Link>,
    reader: ReadHalf<DuplexStream>,
    writer: WriteHalf<DuplexStream>,
    room: usize,
    /// Whether the sender has hung up.
    ended: bool,
    /// How many ends of the connection have hung up.
    hung_up: watch::Sender<usize>,
    arrives: Option<oneshot::Sender<()>>,
}

impl OneWay {
    async fn run(mut self) {
        let Err(error) = self.bring().await else { return };
        tracing::debug!(%error, "bytes arrived for nobody");
        // Who reads no more has hung up, and the sender learns it from the other direction.
        let _ = tokio::io::copy(&mut self.reader, &mut sink()).await;
        self.end();
    }

    /// Brings all that is sent, and its end.
    async fn bring(&mut self) -> io::Result<()> {
        let mut under_way: VecDeque<(Instant, Vec<u8>)> = VecDeque::new();
        let mut buffer = vec![0; self.room];
        loop {
            let link = *self.link.borrow_and_update();
            let held: usize = under_way.iter().map(|(_, bytes)| bytes.len()).sum();
            let due = under_way.front().map(|(due, _)| *due).filter(|_| !link.cut);
            if due.is_some_and(|due| due <= Instant::now())
                && let Some((_, bytes)) = under_way.pop_front()
            {
                if bytes.is_empty() {
                    return self.writer.shutdown().await;
                }
                self.writer.write_all(&bytes).await?;
                if let Some(arrives) = self.arrives.take() {
                    let _ = arrives.send(());
                }
                continue;
            }
            tokio::select! {
                biased;
                changed = self.link.changed() => {
                    let now = *self.link.borrow();
                    if changed.is_err() {
                        return Ok(());
                    }
                    if link.cut && !now.cut {
                        // All of it was lost on the way, and is sent again.
                        let again = Instant::now() + now.latency;
                        under_way.iter_mut().for_each(|(due, _)| *due = again.max(*due));
                    }
                }
                () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => {}
                read = self.reader.read(&mut buffer), if !self.ended && held < self.room => {
                    let bytes = buffer[..read?].to_vec();
                    if bytes.is_empty() {
                        self.end();
                    }
                    // No byte overtakes another, even where the link got faster.
                    let due = Instant::now() + link.latency;
                    let due = under_way.back().map_or(due, |(last, _)| due.max(*last));
                    under_way.push_back((due, bytes));
                }
            }
        }
    }

    fn end(&mut self) {
        if !self.ended {
            self.ended = true;
            self.hung_up.send_modify(|ends| *ends += 1);
        }
    }
}
