// mutant of 3.5, part 4: sleep in whole seconds
// Who sleeps, sleeps long. A laptop under load is stopped for half a second, again and again.
self.last += Duration::from_secs(time.as_secs());
