// mutant of 3.3: only an error is a failure
// A dial ends with a channel or an error, unless it panics: then the slot is empty for ever.
let slot = {
    let mut slots = self.lock();
    match slots.get(&peer.replica) {
        Some(slot)
            if slot.address == peer.address && !matches!(&*slot.outcome.borrow(), Some(Err(_))) =>
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
