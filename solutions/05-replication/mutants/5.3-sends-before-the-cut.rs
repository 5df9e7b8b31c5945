// mutant of 5.3: begins after what the peer has, cut or not
// It is what the peer asked for. The log does not hold it, and what it holds looks as if it followed.
match (message, self.acknowledged) {
    (Response::Resume(resume), None) if resume.after > self.clock => {
        Err(Error::NumbersLost { after: resume.after, clock: self.clock })
    }
    (Response::Resume(resume), None) => {
        self.acknowledged = Some(resume.after);
        self.sent = resume.after;
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
