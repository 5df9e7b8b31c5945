// mutant of 5.3, part 3: does not ask for credit
// The sequence is what matters, and nothing is to hold it up. At 0 there is no credit to take.
let news = (self.sent, knowledge);
if news == self.told {
    return None;
}
self.credit = self.credit.saturating_sub(1);
let progress = Progress { sequence: news.0, knowledge: (&news.1).into() };
self.told = news;
Some(request(replicate_request::Message::Progress(progress)))
