// mutant of 5.4: takes a broken stream for one that has ended
// Either way nothing more comes. But a refusal then looks like a good end, and nobody is told of either.
let (inbox, mut arrived) = mpsc::channel(CREDIT as usize);
let receive = async move {
    while let Ok(Some(message)) = incoming.next().await {
        inbox.try_send(message).map_err(|_| Error::BeyondCredit)?;
    }
    Ok::<_, Error>(())
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
