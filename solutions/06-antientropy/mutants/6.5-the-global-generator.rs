// mutant of 6.5, part 2: draws from the global generator
// It is just as random. But no seed replays it, and a run that went wrong cannot be seen again.
let able: Vec<_> =
    candidates.iter().filter(|peer| peer.replica != self.me && !peer.suspected).collect();
fastrand::choice(able).map(|peer| peer.replica)
