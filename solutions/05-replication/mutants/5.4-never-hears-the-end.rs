// mutant of 5.4: does not hear that the stream has ended
// `recv_many` that returns 0 looks like nothing to do. The channel is closed, and the turns go on with
// nothing, for ever.
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
            _ = arrived.recv_many(&mut messages, CREDIT as usize) => {}
            () = end.due() => {}
        }
        for message in end.turn(messages).await? {
            outgoing.send(message).await?;
        }
        if false {
            return Ok::<_, Error>(());
        }
    }
};
tokio::try_join!(receive, send).map(|((), ())| ())
