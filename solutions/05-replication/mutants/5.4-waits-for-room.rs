// mutant of 5.4: a small channel, and a send that waits for room
// Sixteen places are enough, and nothing is lost. Where this end waits to send, it soon receives nothing
// any more, and a peer that keeps to its credit is stuck.
let (inbox, mut arrived) = mpsc::channel(16);
let receive = async move {
    while let Some(message) = incoming.next().await? {
        inbox.send(message).await.map_err(|_| Error::BeyondCredit)?;
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
