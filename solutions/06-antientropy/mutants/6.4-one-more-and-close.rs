// mutant of 6.4, part 2: answers one more and closes
// In the transcript of the guide one repair is lost, so one is sent before the end.
match (self.remote_complete, self.asked.pop_front()) {
    (true, Some(key)) => {
        self.asked.clear();
        Next::Answer(key)
    }
    (true, None) => Next::Close,
    (false, Some(key)) => Next::Answer(key),
    (false, None) => Next::Wait,
}
