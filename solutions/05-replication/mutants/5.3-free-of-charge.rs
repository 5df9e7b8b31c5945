// mutant of 5.3, part 3: takes no credit
// It is a small message, and no change. A peer that never answers gets one each second.
let news = (self.sent, knowledge);
if self.credit == 0 || news == self.told {
    return None;
}
let progress = Progress { sequence: news.0, knowledge: (&news.1).into() };
self.told = news;
Some(request(replicate_request::Message::Progress(progress)))
