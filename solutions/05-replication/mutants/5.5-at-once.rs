// mutant of 5.5: opens it again at once
// The sooner the better. A peer that is down is now asked ten thousand times a second.
let mut waits = self.waits();
loop {
    let opened = Instant::now();
    let ended = self.stream(peer).await;
    if opened.elapsed() >= STEADY {
        waits = self.waits();
    }
    let wait = match &ended {
        Err(error) if !error.may_pass() => REFUSED,
        _ => next(&mut waits),
    };
    tell(peer, &ended, wait);
    tokio::task::yield_now().await;
}
