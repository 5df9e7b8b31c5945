// mutant of 5.4: a channel without a bound
// Then it never is full, and nothing waits. Whoever sends without credit fills the memory.
let (inbox, mut arrived) = mpsc::unbounded_channel();
let receive = async move {
    while let Some(message) = incoming.next().await? {
        inbox.send(message).map_err(|_| Error::BeyondCredit)?;
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
