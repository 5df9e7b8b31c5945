// mutant of 5.3: believes a peer that has more than was ever written
// It is beyond all numbers that were given, so there is nothing to send, and all writes up to there
// are passed over.
match (message, self.acknowledged) {
    (Response::Resume(resume), None) => {
        self.acknowledged = Some(resume.after);
        self.sent = resume.after.max(self.cut);
        self.credit = resume.credit;
        Ok(())
    }
    (Response::Ack(ack), Some(acknowledged)) => {
        self.acknowledged = Some(acknowledged.max(ack.sequence));
        self.sent = self.sent.max(ack.sequence);
        self.credit = self.credit.saturating_add(ack.credit);
        Ok(())
    }
    (message, _) => Err(Error::Unexpected(format!("{message:?} out of turn"))),
}
