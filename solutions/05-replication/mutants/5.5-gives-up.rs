// mutant of 5.5: gives up when it is refused
// What is refused stays refused. Until somebody mends it, and then this replica has to be restarted.
let mut waits = self.waits();
loop {
    let opened = Instant::now();
    let ended = self.stream(peer).await;
    if opened.elapsed() >= STEADY {
        waits = self.waits();
    }
    let wait = match &ended {
        Err(error) if !error.may_pass() => return,
        _ => next(&mut waits),
    };
    tell(peer, &ended, wait);
    sleep(wait).await;
}
