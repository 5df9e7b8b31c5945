// mutant of 3.3: inserts the slot after the dial
// The dial has its own task, but nobody else can find it.
let known = self.lock().get(&peer.replica).cloned();
let slot = match known {
    Some(slot) if slot.address == peer.address && !slot.has_failed() => slot,
    _ => self.begin(peer),
};
let outcome = slot.clone().outcome().await;
self.lock().insert(peer.replica, slot);
outcome
