// mutant of 5.3, part 3: tells only when it knows more
// What was sent the peer knows. But the last writes may have been passed over, and then it does not.
let news = (self.sent, knowledge);
if self.credit == 0 || news.1 == self.told.1 {
    return None;
}
self.credit -= 1;
let progress = Progress { sequence: news.0, knowledge: (&news.1).into() };
self.told = news;
Some(request(replicate_request::Message::Progress(progress)))
