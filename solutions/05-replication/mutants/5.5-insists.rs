// mutant of 5.5: insists when it is refused
// An error is an error, and the waits are long enough.
let mut waits = self.waits();
loop {
    let opened = Instant::now();
    let ended = self.stream(peer).await;
    if opened.elapsed() >= STEADY {
        waits = self.waits();
    }
    let wait = next(&mut waits);
    tell(peer, &ended, wait);
    sleep(wait).await;
}
