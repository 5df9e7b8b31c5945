// mutant of 6.1: counts no question for a deletion
// There is no value to ask for. The remote asks all the same, and the session ends as if it had asked too often.
let ended = heads.is_empty();
for (key, head) in heads {
    self.left = self.left.saturating_sub(1);
    if !head.metadata.tombstone {
        self.unasked += 1;
    }
    self.last = Some(key.clone());
    messages.push(Message::Check { key, head: Some(head) });
}
if ended || late || self.left == 0 {
    self.complete = true;
    self.through = if ended { None } else { self.last.clone() };
    let knowledge = if ended { self.knowledge.take() } else { None };
    messages.push(Message::Complete { through: self.through.clone(), knowledge });
}
