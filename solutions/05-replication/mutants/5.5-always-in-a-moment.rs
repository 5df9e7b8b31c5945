// mutant of 5.5: waits as long each time
// A short wait is enough against a storm of attempts, it seems; all peers of a replica that is down
// send it.
let mut waits = self.waits();
loop {
    let opened = Instant::now();
    let ended = self.stream(peer).await;
    if opened.elapsed() >= STEADY {
        waits = self.waits();
    }
    let wait = match &ended {
        Err(error) if !error.may_pass() => REFUSED,
        _ => WAITS.0,
    };
    tell(peer, &ended, wait);
    sleep(wait).await;
}
