// mutant of 6.5, part 2: if not this one, the next
// One draw, and no list. Who stands behind a peer that is suspected is met twice as often.
if candidates.is_empty() {
    return None;
}
let start = self.random.usize(..candidates.len());
let from_there = candidates.iter().cycle().skip(start).take(candidates.len());
let mut able = from_there.filter(|peer| peer.replica != self.me && !peer.suspected);
able.next().map(|peer| peer.replica)
