// mutant of 6.1: a chunk that is not full is taken for the last
// It saves a read. But the chunk before the bound is short as well.
let ended = heads.len() < CHUNK;
for (key, head) in heads {
    self.left = self.left.saturating_sub(1);
    self.unasked += 1;
    self.last = Some(key.clone());
    messages.push(Message::Check { key, head: Some(head) });
}
if ended || late || self.left == 0 {
    self.complete = true;
    self.through = if ended { None } else { self.last.clone() };
    let knowledge = if ended { self.knowledge.take() } else { None };
    messages.push(Message::Complete { through: self.through.clone(), knowledge });
}
