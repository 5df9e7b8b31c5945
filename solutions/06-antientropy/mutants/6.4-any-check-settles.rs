// mutant of 6.4: any CHECK of the initiator settles
// The news that a key is gone is a CHECK, so a CHECK is an answer. One that tells a version brings no object.
match (side, message) {
    (Side::Remote, Message::Check { key, head }) => {
        self.owed.insert(key.clone(), head.as_ref().map(|head| head.version));
    }
    (Side::Initiator, Message::Repair { key, object }) => {
        let later = |held: &Option<Version>| {
            held.is_none_or(|held| merge::order(object.version, held) == Ordering::Greater)
        };
        if self.owed.get(key).is_some_and(later) {
            self.owed.remove(key);
        }
    }
    (Side::Initiator, Message::Check { key, .. }) => {
        self.owed.remove(key);
    }
    _ => {}
}
