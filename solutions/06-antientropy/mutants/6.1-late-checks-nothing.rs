// mutant of 6.1: a late slice ends at once
// The time is up, so why check any more? Because on a slow day every session would end with nothing done.
let ended = heads.is_empty();
if !late {
    for (key, head) in heads {
        self.left = self.left.saturating_sub(1);
        self.unasked += 1;
        self.last = Some(key.clone());
        messages.push(Message::Check { key, head: Some(head) });
    }
}
if ended || late || self.left == 0 {
    self.complete = true;
    self.through = if ended { None } else { self.last.clone() };
    let knowledge = if ended { self.knowledge.take() } else { None };
    messages.push(Message::Complete { through: self.through.clone(), knowledge });
}
