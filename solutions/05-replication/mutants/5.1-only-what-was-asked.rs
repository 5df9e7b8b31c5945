// mutant of 5.1, part 3: only what was asked for
// Who asks for what comes after 0 gets it from the first entry on. Only 0 means the beginning, so only 0 is replaced;
// a peer that is behind the cut asks for a place in the middle of what is gone.
let cut = record::place(CUT, reader.get(CUT)?)?;
let after = if after == 0 { cut.sequence } else { after };
