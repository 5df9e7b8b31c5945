// mutant of 5.3: lets an old acknowledgement move it back
// The last answer counts, it seems. The log is cut by this number.
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
    (Response::Ack(ack), Some(_)) => {
        self.acknowledged = Some(ack.sequence);
        self.sent = self.sent.max(ack.sequence);
        self.credit = self.credit.saturating_add(ack.credit);
        Ok(())
    }
    (message, _) => Err(Error::Unexpected(format!("{message:?} out of turn"))),
}
