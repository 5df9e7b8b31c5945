// mutant of 5.4: spawns the half that receives
// A task of its own for each half, as the words say. Nobody ends it when the other half fails.
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
let ended = send.await;
drop(receive);
ended
