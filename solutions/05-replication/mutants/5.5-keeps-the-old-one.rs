// mutant of 5.5, part 2: keeps the older stream
// It will end when its connection does. That one died silently.
let ended = tokio::select! {
    ended = session::run(incoming, outgoing, receiving) => ended,
    () = self.shutdown.begun() => Err(Error::ShuttingDown),
};
