// mutant of 6.1: the place to read on after is set only at the end
// The end of the slice needs the last key, so it is noted there; the reads in between begin at the same place.
let ended = heads.is_empty();
let last = heads.last().map(|(key, _)| key.clone());
for (key, head) in heads {
    self.left = self.left.saturating_sub(1);
    self.unasked += 1;
    messages.push(Message::Check { key, head: Some(head) });
}
if ended || late || self.left == 0 {
    self.complete = true;
    self.last = last.or(self.last.take());
    self.through = if ended { None } else { self.last.clone() };
    let knowledge = if ended { self.knowledge.take() } else { None };
    messages.push(Message::Complete { through: self.through.clone(), knowledge });
}
