// mutant of 6.1: does not count what may be asked
// Three fields to keep up to date, and the compiler asks for none of them.
let ended = heads.is_empty();
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
