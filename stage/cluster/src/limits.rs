//! A benchmark must cover what a replica does beyond its default limits.

use std::fmt::Write as _;

/// How far beyond each limit a benchmark should go.
const TIMES: u64 = 10;

/// A default limit beyond which a replica behaves differently.
pub(crate) struct Limit {
    /// What there may be so much of.
    pub(crate) what: &'static str,
    /// The default.
    pub(crate) most: u64,
    /// How much there was in the benchmark.
    pub(crate) reached: u64,
}

/// What a benchmark came to see, for people.
pub(crate) fn told(limits: &[Limit]) -> String {
    let mut told = String::new();
    let mut line = |words: &str, of: &dyn Fn(&Limit) -> bool| {
        let names: Vec<_> = limits
            .iter()
            .filter(|limit| of(limit))
            .map(|Limit { what, most, reached }| format!("{what} ({reached} of {most})"))
            .collect();
        if !names.is_empty() {
            // Writing to a String cannot fail.
            let _ = writeln!(told, "{words}: {}", names.join(", "));
        }
    };
    line("Default limits passed ten times", &|limit| limit.reached >= TIMES * limit.most);
    line("Passed", &|limit| (limit.most..TIMES * limit.most).contains(&limit.reached));
    line("NOT REACHED", &|limit| limit.reached < limit.most);
    if limits.iter().all(|limit| limit.reached < limit.most) {
        told += "This is no measurement: it ended before the first default limit.\n";
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_were_not_reached_are_named() {
        let limits = |changes, tables| {
            [
                Limit { what: "changes in the log", most: 100, reached: changes },
                Limit { what: "open tables", most: 50, reached: tables },
            ]
        };
        assert_eq!(
            told(&limits(1000, 49)),
            "Default limits passed ten times: changes in the log (1000 of 100)\nNOT REACHED: open tables (49 of 50)\n"
        );
        assert_eq!(
            told(&limits(999, 50)),
            "Passed: changes in the log (999 of 100), open tables (50 of 50)\n"
        );
        assert_eq!(
            told(&limits(99, 0)),
            "NOT REACHED: changes in the log (99 of 100), open tables (0 of 50)\n\
             This is no measurement: it ended before the first default limit.\n"
        );
    }
}
