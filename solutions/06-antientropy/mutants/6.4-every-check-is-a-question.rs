// mutant of 6.4: every CHECK wants an answer
// They look alike. But the initiator's CHECK of what is equal gets none, and is owed none.
match (side, message) {
    (_, Message::Check { key, head: Some(head) }) => {
        self.owed.insert(key.clone(), Some(head.version));
    }
    (Side::Remote, Message::Check { key, head: None }) => {
        self.owed.insert(key.clone(), None);
    }
    (_, Message::Repair { key, .. }) | (Side::Initiator, Message::Check { key, head: None }) => {
        self.owed.remove(key);
    }
    _ => {}
}
