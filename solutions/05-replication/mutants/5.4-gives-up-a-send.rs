// mutant of 5.4: gives up a send when a message comes
// One `select!` over receiving and sending. The branch that loses is dropped, and with it what it was
// about to send.
let mut waiting = std::collections::VecDeque::new();
loop {
    let mut arrived = Vec::new();
    match waiting.pop_front() {
        Some(message) => tokio::select! {
            biased;
            came = incoming.next() => match came? {
                Some(came) => arrived.push(came),
                None => return Ok(()),
            },
            sent = outgoing.send(message) => {
                sent?;
                continue;
            }
        },
        None => tokio::select! {
            came = incoming.next() => match came? {
                Some(came) => arrived.push(came),
                None => return Ok(()),
            },
            () = end.due() => {}
        },
    }
    waiting.extend(end.turn(arrived).await?);
}
