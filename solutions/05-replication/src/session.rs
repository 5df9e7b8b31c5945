//! A stream at work: one half receives, the other sends.

use prost::Message;
use tokio::sync::mpsc;
use transcript::{Incoming, Outgoing, Room};

use crate::Error;
use crate::receiver::CREDIT;

/// How many bytes of messages may have arrived and not been processed. A credit in messages alone
/// would allow hundreds of megabytes if values are large.
const ARRIVED: usize = 1 << 20;

/// What a replica does at its end of a stream; the sender's end and the receiver's end differ in this.
pub trait End: Send + 'static {
    /// The incoming messages.
    type In: Message + 'static;
    /// The outgoing messages.
    type Out: Message + 'static;

    /// Waits until there is something to do without a message. Nothing is lost if the future is
    /// dropped before.
    fn due(&mut self) -> impl Future<Output = ()> + Send;

    /// Handles these messages, in order, or none. Returns the messages to send.
    fn turn(&mut self, arrived: Vec<Self::In>) -> impl Future<Output = Result<Vec<Self::Out>, Error>> + Send;
}

/// An end that frees room when it has processed the messages that took it.
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

/// Runs one end of a stream, until the other end is done. Each end has at most [`CREDIT`] messages
/// in flight to the other.
///
/// # Errors
/// If the stream breaks, the other end violates the protocol, or this end fails.
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
    // One loop receives and sends. While it waits to send it does not receive; so if the other end,
    // built the same way, waits to send too, neither will ever continue. The check shows it.
    //
    // Give each half an owner: one future that only receives, and one that takes what arrived, runs
    // the turns, and sends. Between them is a channel with room for [`CREDIT`] messages. A peer
    // that keeps to its credit never finds it full; one that does not gets `BeyondCredit`. Run both
    // with `tokio::try_join!`: an error of one ends the other. When the stream ends cleanly, the
    // receiving half returns and drops its end of the channel; the other writes to disk what had
    // arrived, and then finds the channel closed (`recv_many` returns 0).
    //
    // `recv_many` returns everything that arrived meanwhile: so changes that arrive together share
    // one write.
    // starter:
    // | loop {
    // |     let arrived = tokio::select! {
    // |         message = incoming.next() => match message? {
    // |             Some(message) => vec![message],
    // |             None => return Ok(()),
    // |         },
    // |         () = end.due() => Vec::new(),
    // |     };
    // |     for message in end.turn(arrived).await? {
    // |         outgoing.send(message).await?;
    // |     }
    // | }
    // end starter
    let (inbox, mut arrived) = mpsc::channel(CREDIT as usize);
    let receive = async move {
        while let Some(message) = incoming.next().await? {
            inbox.try_send(message).map_err(|_| Error::BeyondCredit)?;
        }
        Ok(())
    };
    let send = async move {
        loop {
            let mut messages = Vec::new();
            tokio::select! {
                count = arrived.recv_many(&mut messages, CREDIT as usize) => if count == 0 { return Ok(()) },
                () = end.due() => {}
            }
            for message in end.turn(messages).await? {
                outgoing.send(message).await?;
            }
        }
    };
    tokio::try_join!(receive, send).map(|((), ())| ())
    // end exercise 5.4
}
