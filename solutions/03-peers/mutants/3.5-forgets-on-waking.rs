// mutant of 3.5, part 4: forgets all on waking
// A fresh start, also for the peer that was silent before. Its window is gone, and with it what is usual.
let _ = time;
*self = Self::new(self.last, Duration::from_secs_f64(self.expected));
