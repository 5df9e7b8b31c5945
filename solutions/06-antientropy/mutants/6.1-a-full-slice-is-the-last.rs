// mutant of 6.1: a full slice is taken for the last
// Only the end of the heads ends it. When the slice is full the next read is for none, and none come.
let ended = heads.is_empty();
for (key, head) in heads {
    self.left = self.left.saturating_sub(1);
    self.unasked += 1;
    self.last = Some(key.clone());
    messages.push(Message::Check { key, head: Some(head) });
}
if ended || late {
    self.complete = true;
    self.through = if ended { None } else { self.last.clone() };
    let knowledge = if ended { self.knowledge.take() } else { None };
    messages.push(Message::Complete { through: self.through.clone(), knowledge });
}
