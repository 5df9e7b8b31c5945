//! A connection's bytes, within TLS or not, as one type: so hyper is compiled once for both.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::floods::{Account, Paid};

/// A connection that was accepted.
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<tls::Stream>),
}

/// Calls a method of whichever stream there is.
macro_rules! either {
    ($stream:expr, $method:ident($($argument:expr),*)) => {
        match $stream {
            Stream::Plain(stream) => Pin::new(stream).$method($($argument),*),
            Stream::Tls(stream) => Pin::new(stream.as_mut()).$method($($argument),*),
        }
    };
}

/// Whether the client has said anything yet.
#[derive(Clone, Default)]
pub(crate) struct Spoken(Arc<AtomicBool>);

impl Spoken {
    pub(crate) fn yet(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A stream that notes when the first bytes come, and ends where they become a flood.
pub(crate) struct Heard {
    stream: Stream,
    spoken: Spoken,
    account: Account,
    paid: Arc<Paid>,
}

impl Heard {
    pub(crate) fn new(stream: Stream, paid: Arc<Paid>) -> (Self, Spoken) {
        let spoken = Spoken::default();
        (Self { stream, spoken: spoken.clone(), account: Account::default(), paid }, spoken)
    }
}

impl AsyncRead for Heard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = bytes.filled().len();
        ready!(either!(&mut self.stream, poll_read(cx, bytes)))?;
        let read = bytes.filled().len() - before;
        if read > 0 {
            self.spoken.0.store(true, Ordering::Relaxed);
        }
        let Self { account, paid, .. } = &mut *self;
        Poll::Ready(account.read(read, paid))
    }
}

impl AsyncWrite for Heard {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        either!(&mut self.stream, poll_write(cx, bytes))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        either!(&mut self.stream, poll_write_vectored(cx, slices))
    }

    fn is_write_vectored(&self) -> bool {
        match &self.stream {
            Stream::Plain(stream) => stream.is_write_vectored(),
            Stream::Tls(stream) => stream.is_write_vectored(),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(&mut self.stream, poll_flush(cx))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        either!(&mut self.stream, poll_shutdown(cx))
    }
}
