// mutant of 6.4, part 2: closes as soon as nothing waits
// Nothing is left to be said at this moment. The next question is already on its way.
self.asked.pop_front().map_or(Next::Close, Next::Answer)
