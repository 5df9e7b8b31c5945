// mutant of 6.5, part 2: may choose itself
// The list holds the peers, surely. A replica that meets itself has nothing to learn.
let able: Vec<_> = candidates.iter().filter(|peer| !peer.suspected).collect();
self.random.choice(able).map(|peer| peer.replica)
