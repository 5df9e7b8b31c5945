// mutant of 3.3, part 2: drops those who stay
// `contains` the wrong way round.
self.lock().retain(|replica, _| !peers.iter().any(|peer| peer.replica == *replica));
