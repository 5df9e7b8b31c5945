//! A stream at work: one half receives, the other sends.

use prost::Message;
use tokio::sync::mpsc;
use transcript::{Incoming, Outgoing, Room};

use crate::Error;
use crate::receiver::CREDIT;

/// How many bytes of messages may have arrived and not be done with. A credit of messages alone would be one of hundreds
/// of megabytes, where values are large.
const ARRIVED: usize = 1 << 20;

/// What a replica does at its end of a stream; the sender's end and the receiver's end differ in this.
pub trait End: Send + 'static {
    /// The messages that come.
    type In: Message + 'static;
    /// The messages that go.
    type Out: Message + 'static;

    /// Waits until there is something to do though no message has come. Nothing is lost where the
    /// future is dropped before.
    fn due(&mut self) -> impl Future<Output = ()> + Send;

    /// Does what has to be done now that these messages have come, in order, or none. Returns the messages
    /// to send.
    fn turn(&mut self, arrived: Vec<Self::In>) -> impl Future<Output = Result<Vec<Self::Out>, Error>> + Send;
}

/// An end that gives room back when it is done with the messages that took it.
struct Within<E> {
    end: E,
    room: Room,
}

impl<E: End> End for Within<E> {
    type In = E::In;
    type Out = E::Out;

    async fn due(&mut self) {
        self.end.due().await;
    }

    async fn turn(&mut self, arrived: Vec<E::In>) -> Result<Vec<E::Out>, Error> {
        let taken = self.room.taken_by(&arrived);
        let messages = self.end.turn(arrived).await;
        self.room.give_back(taken);
        messages
    }
}

/// Runs one end of a stream, until the other end is done. Both ends have at most [`CREDIT`] messages
/// on their way to the other.
///
/// # Errors
/// If the stream breaks, the other end does what it must not, or this end fails.
pub async fn run<E: End>(
    incoming: Incoming<E::In>,
    mut outgoing: Outgoing<E::Out>,
    end: E,
) -> Result<(), Error> {
    let room = Room::new(ARRIVED);
    let mut incoming = incoming.within(room.clone());
    let mut end = Within { end, room };
    // exercise 5.4: Untangle send and receive
    //
    // One loop receives and sends. While it waits to send it does not receive; so while the
    // other end, built the same way, waits to send too, neither will ever go on. The check shows it.
    //
    // Give each half an owner: one future that does nothing but receive, and one that takes what
    // arrived, has the turns, and sends. Between them runs a channel with room for [`CREDIT`]
    // messages. Who keeps to its credit never finds it full; who does not is told `BeyondCredit`.
    // Run both with `tokio::try_join!`: an error of one ends the other. When the stream ends in good
    // order, the half that receives returns and takes its end of the channel with it; the other
    // brings to disk what had arrived, and then finds the channel closed (`recv_many` returns 0).
    //
    // `recv_many` gives all that arrived meanwhile: so changes that come together share one write.
    loop {
        let arrived = tokio::select! {
            message = incoming.next() => match message? {
                Some(message) => vec![message],
                None => return Ok(()),
            },
            () = end.due() => Vec::new(),
        };
        for message in end.turn(arrived).await? {
            outgoing.send(message).await?;
        }
    }
    // end exercise 5.4
}
