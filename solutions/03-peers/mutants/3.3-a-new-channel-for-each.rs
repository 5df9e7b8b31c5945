// mutant of 3.3: dials for each caller
// Connections are cheap, until there are many.
self.begin(peer).outcome().await
