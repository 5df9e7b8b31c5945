// mutant of 3.5, part 4: sleep is silence
// "Monotonic time went on, so the peer was silent." All peers are suspected at once, by the one who was away.
let _ = time;
