// mutant of 5.3: takes the credit of an answer in place of what is left
// "So many more" is read as "so many". The sender slows down, and nobody sees why.
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
        self.sent = self.sent.max(ack.sequence);
        self.credit = ack.credit;
        Ok(())
    }
    (message, _) => Err(Error::Unexpected(format!("{message:?} out of turn"))),
}
