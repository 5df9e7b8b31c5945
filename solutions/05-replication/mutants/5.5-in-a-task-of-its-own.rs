// mutant of 5.5, part 2: runs the stream in a task of its own
// The three ends race, and the first decides. The task goes on all the same.
let ended = tokio::select! {
    ended = tokio::spawn(session::run(incoming, outgoing, receiving)) => ended.unwrap_or(Err(Error::NoAnswer)),
    () = self.shutdown.begun() => Err(Error::ShuttingDown),
    () = replaced => Err(Error::Replaced),
};
