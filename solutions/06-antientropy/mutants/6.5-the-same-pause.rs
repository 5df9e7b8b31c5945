// mutant of 6.5: no jitter
// The interval is what was asked for. Replicas that were started together begin together, for ever.
self.mean
