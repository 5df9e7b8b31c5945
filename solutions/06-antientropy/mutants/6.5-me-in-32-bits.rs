// mutant of 6.5, part 2: compares ids of 32 bits
// Another replica whose id ends with the same bits is never met.
let able: Vec<_> = candidates
    .iter()
    .filter(|peer| peer.replica.0 as u32 != self.me.0 as u32 && !peer.suspected)
    .collect();
self.random.choice(able).map(|peer| peer.replica)
