// mutant of 6.3: says back what the initiator knew
// The message has a place for it. But it is the initiator's word of itself, and not the remote's.
for key in &heads {
    let record = key.encode();
    if through.is_some_and(|through| record > *through) {
        replies.push(Reply::Say(Message::Complete { through: None, knowledge: None }));
        return replies;
    }
    if !self.has_seen(key) {
        replies.push(Reply::Repair(key.clone()));
    }
}
if heads.is_empty() {
    let knowledge = self.knowledge().cloned();
    replies.push(Reply::Say(Message::Complete { through: None, knowledge }));
}
