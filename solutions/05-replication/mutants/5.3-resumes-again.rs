// mutant of 5.3: takes a second Resume
// It says where to go on, so go on there.
match (message, self.acknowledged) {
    (Response::Resume(resume), None) if resume.after > self.clock => {
        Err(Error::NumbersLost { after: resume.after, clock: self.clock })
    }
    (Response::Resume(resume), _) => {
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
