// mutant of 6.3: passes over what is beyond the slice
// What is said is right. But each slice reads all the rest of the store before it completes.
for key in &heads {
    let record = key.encode();
    if through.is_some_and(|through| record > *through) {
        continue;
    }
    if !self.has_seen(key) {
        replies.push(Reply::Repair(key.clone()));
    }
}
if heads.is_empty() {
    replies.push(Reply::Say(Message::Complete { through: None, knowledge: None }));
}
