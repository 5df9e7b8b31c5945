// mutant of 6.4: only a larger counter is later
// Of two writes with one counter the larger id is later, and a repair with it settles what is owed.
match (side, message) {
    (Side::Remote, Message::Check { key, head }) => {
        self.owed.insert(key.clone(), head.as_ref().map(|head| head.version));
    }
    (Side::Initiator, Message::Repair { key, object }) => {
        let later = |held: &Option<Version>| held.is_none_or(|held| object.version.counter > held.counter);
        if self.owed.get(key).is_some_and(later) {
            self.owed.remove(key);
        }
    }
    (Side::Initiator, Message::Check { key, head: None }) => {
        self.owed.remove(key);
    }
    _ => {}
}
