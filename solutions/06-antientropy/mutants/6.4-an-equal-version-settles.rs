// mutant of 6.4: a repair with an equal version settles
// It is not older, so nothing was lost. But the one that asks already has it, and was promised something later.
match (side, message) {
    (Side::Remote, Message::Check { key, head }) => {
        self.owed.insert(key.clone(), head.as_ref().map(|head| head.version));
    }
    (Side::Initiator, Message::Repair { key, object }) => {
        let later = |held: &Option<Version>| {
            held.is_none_or(|held| merge::order(object.version, held) != Ordering::Less)
        };
        if self.owed.get(key).is_some_and(later) {
            self.owed.remove(key);
        }
    }
    (Side::Initiator, Message::Check { key, head: None }) => {
        self.owed.remove(key);
    }
    _ => {}
}
