// mutant of 6.3: the last key of the slice is left out
// A range ends before its end, as everywhere in Rust. The next slice begins after that key, so nobody sends it.
for key in &heads {
    let record = key.encode();
    if through.is_some_and(|through| record >= *through) {
        replies.push(Reply::Say(Message::Complete { through: None, knowledge: None }));
        return replies;
    }
    if !self.has_seen(key) {
        replies.push(Reply::Repair(key.clone()));
    }
}
if heads.is_empty() {
    replies.push(Reply::Say(Message::Complete { through: None, knowledge: None }));
}
