// mutant of 6.4: what is not answered before the remote's COMPLETE is owed, and forgotten after it
// A phase ends with COMPLETE, so the books are closed there. The answers belong to the phase behind it.
match (side, message) {
    (Side::Remote, Message::Check { key, head }) => {
        self.owed.insert(key.clone(), head.as_ref().map(|head| head.version));
    }
    (Side::Initiator, Message::Repair { key, object }) => {
        let later = |held: &Option<Version>| held.is_none_or(|held| object.version > held);
        if self.owed.get(key).is_some_and(later) {
            self.owed.remove(key);
        }
    }
    (Side::Initiator, Message::Check { key, head: None }) => {
        self.owed.remove(key);
    }
    (Side::Remote, Message::Complete { .. }) => self.owed.clear(),
    _ => {}
}
