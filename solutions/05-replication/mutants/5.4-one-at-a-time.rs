// mutant of 5.4: takes one message a turn
// `recv` in place of `recv_many`. It is right, and waits for the disk once for each change.
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
            message = arrived.recv() => match message {
                Some(message) => messages.push(message),
                None => return Ok(()),
            },
            () = end.due() => {}
        }
        for message in end.turn(messages).await? {
            outgoing.send(message).await?;
        }
    }
};
tokio::try_join!(receive, send).map(|((), ())| ())
