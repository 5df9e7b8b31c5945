// mutant of 5.3: sends what the peer has got on another way
// The stream has its own order, and does not skip. A peer that anti-entropy helped gets everything
// twice.
match (message, self.acknowledged) {
    (Response::Resume(resume), None) if resume.after > self.clock => {
        Err(Error::NumbersLost { after: resume.after, clock: self.clock })
    }
    (Response::Resume(resume), None) => {
        self.acknowledged = Some(resume.after);
        self.sent = resume.after.max(self.cut);
        self.credit = resume.credit;
        Ok(())
    }
    (Response::Ack(ack), Some(acknowledged)) => {
        self.acknowledged = Some(acknowledged.max(ack.sequence));
        self.credit = self.credit.saturating_add(ack.credit);
        Ok(())
    }
    (message, _) => Err(Error::Unexpected(format!("{message:?} out of turn"))),
}
