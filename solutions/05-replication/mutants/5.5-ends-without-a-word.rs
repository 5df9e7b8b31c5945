// mutant of 5.5, part 2: ends without a word
// It is no error when a replica shuts down. The peer reads a good end, and does not know why.
let ended = tokio::select! {
    ended = session::run(incoming, outgoing, receiving) => ended,
    () = self.shutdown.begun() => Ok(()),
    () = replaced => Ok(()),
};
