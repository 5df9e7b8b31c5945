// mutant of 3.3: does not look at the address
// A peer that moved is called where it was.
let slot = {
    let mut slots = self.lock();
    match slots.get(&peer.replica) {
        Some(slot) if !slot.has_failed() => slot.clone(),
        _ => {
            let slot = self.begin(peer);
            slots.insert(peer.replica, slot.clone());
            slot
        }
    }
};
slot.outcome().await
