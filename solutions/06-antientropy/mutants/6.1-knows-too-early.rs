// mutant of 6.1: every slice says what the initiator knows
// The knowledge is there, and more of it cannot hurt. The remote believes that it has what it has not seen.
let ended = heads.is_empty();
for (key, head) in heads {
    self.left = self.left.saturating_sub(1);
    self.unasked += 1;
    self.last = Some(key.clone());
    messages.push(Message::Check { key, head: Some(head) });
}
if ended || late || self.left == 0 {
    self.complete = true;
    self.through = if ended { None } else { self.last.clone() };
    messages.push(Message::Complete { through: self.through.clone(), knowledge: self.knowledge.take() });
}
