// mutant of 5.3, part 3: tells every second
// Whether it is news, the peer can see for itself. Every idle pair of replicas now writes to disk each
// second.
let news = (self.sent, knowledge);
if self.credit == 0 {
    return None;
}
self.credit -= 1;
let progress = Progress { sequence: news.0, knowledge: (&news.1).into() };
self.told = news;
Some(request(replicate_request::Message::Progress(progress)))
