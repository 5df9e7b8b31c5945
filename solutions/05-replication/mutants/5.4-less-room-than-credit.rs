// mutant of 5.4: a channel with less room than there is credit
// 64 messages at once are more than anybody sends in a test. A peer that keeps to its credit is thrown
// out when this end waits for a moment.
let (inbox, mut arrived) = mpsc::channel(64);
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
