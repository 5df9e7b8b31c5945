// mutant of 5.4: says that the message was unexpected
// It came where the protocol has no place for it. But the peer is told to compare versions, and it may
// not try again soon.
let (inbox, mut arrived) = mpsc::channel(CREDIT as usize);
let receive = async move {
    while let Some(message) = incoming.next().await? {
        inbox.try_send(message).map_err(|_| Error::Unexpected("a message too many".into()))?;
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
