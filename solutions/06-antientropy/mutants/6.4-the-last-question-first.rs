// mutant of 6.4, part 2: answers the last question first
// As a stack does. The remote hears its answers in an order in which nobody asked.
match self.asked.pop_back() {
    Some(key) => Next::Answer(key),
    None if self.remote_complete => Next::Close,
    None => Next::Wait,
}
