// mutant of 5.5: ends when the peer ends the stream
// An end in good order is an end. But the peer only restarts, or has made room for a newer stream.
let mut waits = self.waits();
loop {
    let opened = Instant::now();
    let ended = self.stream(peer).await;
    if opened.elapsed() >= STEADY {
        waits = self.waits();
    }
    let wait = match &ended {
        Err(error) if !error.may_pass() => REFUSED,
        Ok(()) => return,
        Err(_) => next(&mut waits),
    };
    tell(peer, &ended, wait);
    sleep(wait).await;
}
