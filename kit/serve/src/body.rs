//! Answers in flight: a layer sees each frame of an answer as it passes.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use http_body::{Frame, SizeHint};

/// What polling an answer yields.
pub(crate) type Polled = Poll<Option<Result<Frame<Bytes>, axum::Error>>>;

/// `answer`, with each of its frames polled by `frame`. What `frame` holds lives as long as the
/// answer does. Trailers are the last frame, whoever wrote them: nothing is polled after them.
pub(crate) fn through(
    answer: Body,
    frame: impl FnMut(Pin<&mut Body>, &mut Context<'_>) -> Polled + Send + Unpin + 'static,
) -> Body {
    Body::new(Through { answer, frame, over: false })
}

struct Through<F> {
    answer: Body,
    frame: F,
    over: bool,
}

impl<F> HttpBody for Through<F>
where
    F: FnMut(Pin<&mut Body>, &mut Context<'_>) -> Polled + Unpin,
{
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let this = &mut *self;
        if this.over {
            return Poll::Ready(None);
        }
        let frame = ready!((this.frame)(Pin::new(&mut this.answer), cx));
        this.over = frame.as_ref().is_none_or(|frame| frame.as_ref().map_or(true, Frame::is_trailers));
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.over || self.answer.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.answer.size_hint()
    }
}
