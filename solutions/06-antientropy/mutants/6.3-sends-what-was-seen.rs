// mutant of 6.3: sends what was seen
// One exclamation mark.
for key in &heads {
    let record = key.encode();
    if through.is_some_and(|through| record > *through) {
        replies.push(Reply::Say(Message::Complete { through: None, knowledge: None }));
        return replies;
    }
    if self.has_seen(key) {
        replies.push(Reply::Repair(key.clone()));
    }
}
if heads.is_empty() {
    replies.push(Reply::Say(Message::Complete { through: None, knowledge: None }));
}
