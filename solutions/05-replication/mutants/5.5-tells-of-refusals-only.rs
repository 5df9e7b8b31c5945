// mutant of 5.5: tells of refusals only
// What passes by itself is not worth a line. A stream that breaks each second then leaves no trace.
let mut waits = self.waits();
loop {
    let opened = Instant::now();
    let ended = self.stream(peer).await;
    if opened.elapsed() >= STEADY {
        waits = self.waits();
    }
    let wait = match &ended {
        Err(error) if !error.may_pass() => {
            tell(peer, &ended, REFUSED);
            REFUSED
        }
        _ => next(&mut waits),
    };
    sleep(wait).await;
}
