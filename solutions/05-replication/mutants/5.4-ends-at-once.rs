// mutant of 5.4: ends when either half does
// `select!` in place of `try_join!`: when the stream ends in good order, what had arrived is dropped.
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
tokio::select! {
    biased;
    ended = receive => ended,
    ended = send => ended,
}
