// mutant of 3.3: keeps a failed dial
// The slot is there, so nobody dials again, and the peer is away until this replica is restarted.
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
slot.outcome().await
