//! The events as sent to a browser.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::response::sse::{Event, Sse};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::time::{MissedTickBehavior, interval};
use tokio_stream::wrappers::ReceiverStream;

use crate::demo::Demo;
use crate::feed::Feed;

/// How many events wait for the connection. More wait in the feed, and at last there is a gap.
const WAITING: usize = 64;

/// How often a browser is told the time. That also finds out who has gone without a word.
const CLOCK: Duration = Duration::from_secs(1);

type Heard = Result<Event, Infallible>;

/// `GET /events`: the last minutes, and all that happens from then on.
pub async fn events(State(demo): State<Demo>) -> Sse<ReceiverStream<Heard>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let feed = demo.feed().clone();
    // Ends when the browser has gone: nothing can be sent then.
    tokio::spawn(async move { tell(&feed, &sender).await });
    Sse::new(ReceiverStream::new(receiver))
}

/// Tells all, and after a gap the last minutes again. A browser that does not read waits here, and nobody
/// with it.
async fn tell(feed: &Feed, sender: &mpsc::Sender<Heard>) -> Option<()> {
    let mut clock = interval(CLOCK);
    // A browser that was slow for a minute needs the time once, not sixty times.
    clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let (history, mut events) = feed.listen();
        let history = history.json(feed.now()).ok()?;
        sender.send(Ok(Event::default().event("history").data(history))).await.ok()?;
        loop {
            let event = tokio::select! {
                told = events.recv() => match told {
                    Ok(told) => Event::default().event("event").data(&told.json),
                    Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return None,
                },
                _ = clock.tick() => Event::default().event("now").data(format!("{{\"now\":{}}}", feed.now())),
                () = sender.closed() => return None,
            };
            sender.send(Ok(event)).await.ok()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feed::BEHIND;

    #[tokio::test]
    async fn after_a_gap_comes_the_history_again_and_who_has_gone_is_told_nothing_more() {
        let feed = Feed::new(None);
        let (sender, mut receiver) = mpsc::channel(1);
        let telling = tokio::spawn({
            let feed = feed.clone();
            async move { tell(&feed, &sender).await }
        });
        let is_history = |heard: Option<Heard>| format!("{heard:?}").contains("event: history");
        assert!(is_history(receiver.recv().await));
        // All at once: who tells does not come to send any of it.
        (0..BEHIND + 10).for_each(|_| feed.note(None, "again"));
        let mut heard = 0;
        while !is_history(receiver.recv().await) {
            heard += 1;
            assert!(heard < 10, "all that it had missed comes, and no history");
        }
        drop(receiver);
        assert_eq!(telling.await.unwrap(), None);
    }
}
