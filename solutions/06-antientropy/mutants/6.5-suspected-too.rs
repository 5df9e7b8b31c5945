// mutant of 6.5, part 2: those under suspicion too
// Suspicion is no proof. But each such session waits for its deadline, while others could be met.
let able: Vec<_> = candidates.iter().filter(|peer| peer.replica != self.me).collect();
self.random.choice(able).map(|peer| peer.replica)
