// mutant of 6.4: as many repairs as questions
// Two numbers that must be equal are quickly compared. A repair of another key makes them equal too.
match (side, message) {
    (Side::Remote, Message::Check { key, head }) => {
        self.owed.insert(key.clone(), head.as_ref().map(|head| head.version));
    }
    (Side::Initiator, Message::Repair { .. } | Message::Check { head: None, .. }) => {
        self.owed.pop_first();
    }
    _ => {}
}
