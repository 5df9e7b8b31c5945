// mutant of 5.4: drops what does not fit
// A full channel is the other end's fault. But this one has fewer places than the other end has
// credit.
let (inbox, mut arrived) = mpsc::channel(8);
let receive = async move {
    while let Some(message) = incoming.next().await? {
        let _ = inbox.try_send(message);
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
