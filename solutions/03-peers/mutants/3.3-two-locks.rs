// mutant of 3.3: looks up and inserts under two locks
// In one thread nothing comes between the two. With more threads a second caller does, and finds nothing.
let known = self.lock().get(&peer.replica).cloned();
let slot = match known {
    Some(slot) if slot.address == peer.address && !slot.has_failed() => slot,
    _ => {
        let slot = self.begin(peer);
        self.lock().insert(peer.replica, slot.clone());
        slot
    }
};
slot.outcome().await
