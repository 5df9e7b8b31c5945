// mutant of 4.4: believes every counter
// One damaged message, and the clock stands at its last value: nobody can write any more.
write.observe(version);
true
