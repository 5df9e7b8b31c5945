// mutant of 5.3, part 3: says nothing of what the peer itself wrote
// It knows its own writes best. But not who has them, and its tombstones wait for that word.
let knowledge: Knowledge = knowledge.iter().filter(|known| known.replica != self.peer).collect();
let news = (self.sent, knowledge);
if self.credit == 0 || news == self.told {
    return None;
}
self.credit -= 1;
let progress = Progress { sequence: news.0, knowledge: (&news.1).into() };
self.told = news;
Some(request(replicate_request::Message::Progress(progress)))
