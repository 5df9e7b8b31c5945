// mutant of 5.5: begins with short waits after every attempt
// A fresh attempt, fresh waits. So the waits never grow.
let mut waits = self.waits();
loop {
    let opened = Instant::now();
    let ended = self.stream(peer).await;
    if opened.elapsed() >= Duration::ZERO {
        waits = self.waits();
    }
    let wait = match &ended {
        Err(error) if !error.may_pass() => REFUSED,
        _ => next(&mut waits),
    };
    tell(peer, &ended, wait);
    sleep(wait).await;
}
