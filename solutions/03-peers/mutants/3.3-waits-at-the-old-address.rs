// mutant of 3.3: waits for any dial that is under way
// The address is only compared once there is a channel, so a peer that moves while it is dialed is called where it was.
let slot = {
    let mut slots = self.lock();
    match slots.get(&peer.replica) {
        Some(slot)
            if !slot.has_failed() && (slot.outcome.borrow().is_none() || slot.address == peer.address) =>
        {
            slot.clone()
        }
        _ => {
            let slot = self.begin(peer);
            slots.insert(peer.replica, slot.clone());
            slot
        }
    }
};
slot.outcome().await
