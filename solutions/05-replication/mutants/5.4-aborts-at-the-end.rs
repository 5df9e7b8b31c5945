// mutant of 5.4: spawns the half that receives, and aborts it at the end
// However a half ends, the other ends with it. But where the stream is given up, this future is dropped
// at an await, and the line that aborts never comes.
let (inbox, mut arrived) = mpsc::channel(CREDIT as usize);
let receive = tokio::spawn(async move {
    while let Some(message) = incoming.next().await? {
        inbox.try_send(message).map_err(|_| Error::BeyondCredit)?;
    }
    Ok::<_, Error>(())
});
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
let task = receive.abort_handle();
let ended = tokio::try_join!(async { receive.await.unwrap_or(Ok(())) }, send);
task.abort();
ended.map(|((), ())| ())
