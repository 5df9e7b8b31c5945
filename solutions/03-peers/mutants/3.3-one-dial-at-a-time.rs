// mutant of 3.3: one dial at a time
// A lock around all of it ends the stampede, and one dead peer keeps everybody waiting.
static DIALING: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
let _one = DIALING.lock().await;
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
