// mutant of 3.3: each waiter dials again after a failure
// As an async cell does it: whoever waited tries for itself, one after the other, and the last of 100 waits for 100 timeouts.
loop {
    let (slot, mine) = {
        let mut slots = self.lock();
        match slots.get(&peer.replica) {
            Some(slot) if slot.address == peer.address && !slot.has_failed() => (slot.clone(), false),
            _ => {
                let slot = self.begin(peer);
                slots.insert(peer.replica, slot.clone());
                (slot, true)
            }
        }
    };
    match slot.outcome().await {
        Err(_) if !mine => continue,
        outcome => return outcome,
    }
}
