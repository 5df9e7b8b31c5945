// mutant of 6.1: counts the questions of the last chunk only
// The heads have a length, so nobody has to count in the loop. What was counted before is forgotten.
let ended = heads.is_empty();
if !ended {
    self.unasked = heads.len();
}
for (key, head) in heads {
    self.left = self.left.saturating_sub(1);
    self.last = Some(key.clone());
    messages.push(Message::Check { key, head: Some(head) });
}
if ended || late || self.left == 0 {
    self.complete = true;
    self.through = if ended { None } else { self.last.clone() };
    let knowledge = if ended { self.knowledge.take() } else { None };
    messages.push(Message::Complete { through: self.through.clone(), knowledge });
}
