// mutant of 3.3: each waiter clears the slot after a failure
// The first one clears the failed dial. The others clear the one that has just begun.
let slot = {
    let mut slots = self.lock();
    match slots.get(&peer.replica) {
        Some(slot) if slot.address == peer.address => slot.clone(),
        _ => {
            let slot = self.begin(peer);
            slots.insert(peer.replica, slot.clone());
            slot
        }
    }
};
let outcome = slot.outcome().await;
if outcome.is_err() {
    self.lock().remove(&peer.replica);
}
outcome
