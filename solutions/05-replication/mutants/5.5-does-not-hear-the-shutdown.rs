// mutant of 5.5, part 2: does not end at the shutdown
// The server ends its requests by itself, one should think. It waits for them, and at the end it cuts
// them.
let ended = tokio::select! {
    ended = session::run(incoming, outgoing, receiving) => ended,
    () = replaced => Err(Error::Replaced),
};
