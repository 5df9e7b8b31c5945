// mutant of 3.3, part 2: where nobody is left all are kept
// An empty list looks like one that has not been loaded yet.
if peers.is_empty() {
    return;
}
self.lock().retain(|replica, _| peers.iter().any(|peer| peer.replica == *replica));
