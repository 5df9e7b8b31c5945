// mutant of 6.5, part 2: the first who is able
// Simple, and it converges too: through one replica, which everybody asks.
candidates.iter().find(|peer| peer.replica != self.me && !peer.suspected).map(|peer| peer.replica)
