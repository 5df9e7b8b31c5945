// mutant of 5.4: a channel with one place, and a send that waits
// Two halves, as it should be, and the smallest bound there is. The half that receives now waits for
// the half that sends, which waits for the other end.
let (inbox, mut arrived) = mpsc::channel(1);
let receive = async move {
    while let Some(message) = incoming.next().await? {
        if inbox.send(message).await.is_err() {
            return Ok(());
        }
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
