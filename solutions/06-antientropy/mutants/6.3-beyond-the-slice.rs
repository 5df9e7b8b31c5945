// mutant of 6.3: sends what is beyond the slice
// It was not seen, so it is sent: all that the initiator has not come to, with its value.
for key in heads.iter().filter(|key| !self.has_seen(key)) {
    replies.push(Reply::Repair(key.clone()));
}
if heads.is_empty() {
    replies.push(Reply::Say(Message::Complete { through: None, knowledge: None }));
}
