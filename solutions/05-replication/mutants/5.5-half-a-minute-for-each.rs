// mutant of 5.5: gives each stream half a minute
// No call without a deadline, it is said. A stream is no call: it would be opened again and again though nothing is wrong.
let mut waits = self.waits();
loop {
    let opened = Instant::now();
    let ended = timeout(REFUSED, self.stream(peer)).await.unwrap_or(Ok(()));
    if opened.elapsed() >= STEADY {
        waits = self.waits();
    }
    let wait = match &ended {
        Err(error) if !error.may_pass() => REFUSED,
        _ => next(&mut waits),
    };
    tell(peer, &ended, wait);
    sleep(wait).await;
}
