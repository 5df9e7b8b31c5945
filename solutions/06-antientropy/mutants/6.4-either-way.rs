// mutant of 6.4: a repair of either side settles
// The key was repaired, was it not? The one that asked has nothing of its own repair.
match (side, message) {
    (Side::Remote, Message::Check { key, head }) => {
        self.owed.insert(key.clone(), head.as_ref().map(|head| head.version));
    }
    (_, Message::Repair { key, object }) => {
        let later = |held: &Option<Version>| held.is_none_or(|held| object.version > held);
        if self.owed.get(key).is_some_and(later) {
            self.owed.remove(key);
        }
    }
    (Side::Initiator, Message::Check { key, head: None }) => {
        self.owed.remove(key);
    }
    _ => {}
}
