// mutant of 5.5: never begins with short waits again
// The waits grow over the months, and one day every break takes ten seconds.
let mut waits = self.waits();
loop {
    let ended = self.stream(peer).await;
    let wait = match &ended {
        Err(error) if !error.may_pass() => REFUSED,
        _ => next(&mut waits),
    };
    tell(peer, &ended, wait);
    sleep(wait).await;
}
