// mutant of 6.3: completes only where the slice ends before the heads do
// The last slice has no end to come to, and the initiator waits for its COMPLETE until the deadline.
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
