// mutant of 3.3: the first caller dials for the others
// No task is needed, until the first caller gives up: its dial goes with it, and all others fail.
use tokio::sync::watch::Sender;
let sender: Option<Sender<_>>;
let slot = {
    let mut slots = self.lock();
    match slots.get(&peer.replica) {
        Some(slot) if slot.address == peer.address && !slot.has_failed() => {
            sender = None;
            slot.clone()
        }
        _ => {
            let (first, outcome) = watch::channel(None);
            sender = Some(first);
            let slot = Slot { address: peer.address.clone(), outcome };
            slots.insert(peer.replica, slot.clone());
            slot
        }
    }
};
if let Some(sender) = sender {
    let outcome = self.dial.dial(peer).await;
    sender.send_replace(Some(outcome.clone()));
    return outcome;
}
slot.outcome().await
