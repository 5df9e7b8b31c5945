//! A loopback proxy for the link from one replica to another.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

use crate::link::Link;

/// How long to wait when no connection can be accepted, for lack of file descriptors as a rule.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// The connections that one replica makes to another one. Its tasks end when it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    target: watch::Sender<Option<SocketAddr>>,
    resets: watch::Sender<u64>,
    accepting: AbortHandle,
}

/// What a connection has to know.
#[derive(Clone)]
struct Way {
    there: Link,
    back: Link,
    target: watch::Receiver<Option<SocketAddr>>,
    resets: watch::Receiver<u64>,
}

impl Proxy {
    /// Listens on a free port. Nobody is behind it yet.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn start(there: Link, back: Link) -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (target, resets) = (watch::Sender::new(None), watch::Sender::new(0));
        let way = Way { there, back, target: target.subscribe(), resets: resets.subscribe() };
        let accepting = tokio::spawn(accept(listener, way)).abort_handle();
        Ok(Self { address, target, resets, accepting })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sets the target from now on; none while the replica does not run. Connections that there are
    /// stay.
    pub fn lead_to(&self, target: Option<SocketAddr>) {
        self.target.send_replace(target);
    }

    /// Breaks all connections. Both ends see it at once.
    pub fn reset(&self) {
        self.resets.send_modify(|resets| *resets += 1);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        // The connections are in a set that this task owns: they end with it.
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, way: Way) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => drop(connections.spawn(way.clone().connection(stream))),
                Err(_) => tokio::time::sleep(ACCEPT_AGAIN).await,
            },
        }
    }
}

impl Way {
    async fn connection(mut self, near: TcpStream) {
        let mut resets = self.resets.clone();
        resets.mark_unchanged();
        tokio::select! {
            () = self.relay(near) => {}
            _ = resets.changed() => {}
        }
    }

    /// Dropping a stream closes it, which is what the other end sees where nobody is behind the proxy.
    async fn relay(&mut self, near: TcpStream) {
        self.there.arrive(Instant::now()).await;
        let target = *self.target.borrow_and_update();
        let far = match target {
            Some(address) => TcpStream::connect(address).await.ok(),
            None => None,
        };
        let Some(far) = far else { return self.back.arrive(Instant::now()).await };
        // Latency is what the link says; without this the kernel would add its own.
        let _ = (near.set_nodelay(true), far.set_nodelay(true));
        let ((near_read, near_write), (far_read, far_write)) = (near.into_split(), far.into_split());
        tokio::join!(self.there.carry(near_read, far_write), self.back.carry(far_read, near_write));
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const SOON: Duration = Duration::from_secs(5);
    const A_WHILE: Duration = Duration::from_millis(50);

    /// A proxy that leads to a server which sends back each byte.
    async fn proxy() -> (Proxy, Link, Link) {
        let (there, back) = (Link::new(Duration::ZERO), Link::new(Duration::ZERO));
        let proxy = Proxy::start(there.clone(), back.clone()).await.unwrap();
        let echo = TcpListener::bind("127.0.0.1:0").await.unwrap();
        proxy.lead_to(echo.local_addr().ok());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = echo.accept().await {
                tokio::spawn(async move {
                    let (mut read, mut write) = stream.split();
                    tokio::io::copy(&mut read, &mut write).await
                });
            }
        });
        (proxy, there, back)
    }

    async fn echo(stream: &mut TcpStream, byte: u8) -> io::Result<u8> {
        stream.write_u8(byte).await?;
        tokio::time::timeout(SOON, stream.read_u8()).await?
    }

    #[tokio::test]
    async fn bytes_pass_and_a_cut_of_either_direction_holds_them_back() {
        let (proxy, there, back) = proxy().await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(echo(&mut stream, 1).await.unwrap(), 1);
        for link in [there, back] {
            link.cut();
            stream.write_u8(2).await.unwrap();
            let nothing = tokio::time::timeout(A_WHILE, stream.read_u8()).await;
            assert!(nothing.is_err(), "an answer came through a cut");
            link.heal();
            assert_eq!(stream.read_u8().await.unwrap(), 2);
        }
    }

    #[tokio::test]
    async fn a_reset_breaks_what_there_is_and_lets_new_connections_in() {
        let (proxy, ..) = proxy().await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(echo(&mut stream, 1).await.unwrap(), 1);
        proxy.reset();
        assert!(echo(&mut stream, 2).await.is_err(), "the connection is still there");
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(echo(&mut stream, 3).await.unwrap(), 3);
    }

    #[tokio::test]
    async fn a_connection_to_nobody_ends_and_so_does_each_with_the_proxy() {
        let (proxy, ..) = proxy().await;
        let mut stream = TcpStream::connect(proxy.address()).await.unwrap();
        assert_eq!(echo(&mut stream, 1).await.unwrap(), 1);
        proxy.lead_to(None);
        let mut refused = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(echo(&mut refused, 1).await.is_err(), "nobody is there, and somebody answers");
        assert_eq!(echo(&mut stream, 2).await.unwrap(), 2);
        drop(proxy);
        assert!(echo(&mut stream, 3).await.is_err(), "the connection outlived its proxy");
    }
}
