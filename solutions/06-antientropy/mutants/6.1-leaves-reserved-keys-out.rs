// mutant of 6.1: leaves out what replicas keep for themselves
// Clients do not see it. But it has no other way to a replica that was away for long.
let ended = heads.is_empty();
for (key, head) in heads {
    self.left = self.left.saturating_sub(1);
    self.last = Some(key.clone());
    if !key.is_reserved() {
        self.unasked += 1;
        messages.push(Message::Check { key, head: Some(head) });
    }
}
if ended || late || self.left == 0 {
    self.complete = true;
    self.through = if ended { None } else { self.last.clone() };
    let knowledge = if ended { self.knowledge.take() } else { None };
    messages.push(Message::Complete { through: self.through.clone(), knowledge });
}
