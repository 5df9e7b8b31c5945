// mutant of 5.3, part 3: tells only when it has sent something
// No news without writes. But what it knows of others is what they wait for.
let news = (self.sent, knowledge);
if self.credit == 0 || news.0 == self.told.0 {
    return None;
}
self.credit -= 1;
let progress = Progress { sequence: news.0, knowledge: (&news.1).into() };
self.told = news;
Some(request(replicate_request::Message::Progress(progress)))
