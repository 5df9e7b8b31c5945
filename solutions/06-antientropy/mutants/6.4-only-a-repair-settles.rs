// mutant of 6.4: only a REPAIR is an answer
// Nearly always. Where a tombstone was collected meanwhile, an honest initiator is accused.
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
    _ => {}
}
