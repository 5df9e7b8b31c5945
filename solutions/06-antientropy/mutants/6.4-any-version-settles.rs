// mutant of 6.4: a repair with any version settles
// It is a repair of that key. One that is older than what the other holds repairs nothing.
match (side, message) {
    (Side::Remote, Message::Check { key, head }) => {
        self.owed.insert(key.clone(), head.as_ref().map(|head| head.version));
    }
    (Side::Initiator, Message::Repair { key, .. } | Message::Check { key, head: None }) => {
        self.owed.remove(key);
    }
    _ => {}
}
