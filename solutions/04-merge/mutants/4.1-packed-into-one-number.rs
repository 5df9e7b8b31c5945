// mutant of 4.1: packs counter and replica into one number
// One comparison in place of two. An id above 255 reaches into the counter.
((a.counter << 8) | a.replica.0).cmp(&((b.counter << 8) | b.replica.0))
