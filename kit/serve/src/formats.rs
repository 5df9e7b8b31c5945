//! The two formats of Prometheus: OpenMetrics, and the older text format 0.0.4.

use std::collections::BTreeSet;

/// The content type of OpenMetrics, the format of `prometheus-client`.
pub(crate) const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The content type of the older format.
pub(crate) const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Whether one who accepts this wants the older format.
pub(crate) fn wants_text(accept: &str) -> bool {
    accept.contains("text/plain") && !accept.contains("application/openmetrics-text")
}

/// A page of OpenMetrics text in the older format: there, a family has the name of its samples. Units and
/// the end are comments in it, and stay.
pub(crate) fn to_text(page: &str) -> String {
    let kind = |line: &str| {
        let (name, kind) = line.strip_prefix("# TYPE ")?.split_once(' ')?;
        Some((name.to_owned(), kind.to_owned()))
    };
    let of = |wanted: &str| -> BTreeSet<String> {
        page.lines().filter_map(kind).filter(|(_, kind)| kind == wanted).map(|(name, _)| name).collect()
    };
    let (counters, infos) = (of("counter"), of("info"));
    let line = |line: &str| {
        let Some((what, name, rest)) = comment(line) else { return line.to_owned() };
        let (suffix, rest) = match () {
            () if counters.contains(name) => ("_total", rest),
            () if infos.contains(name) && what == "TYPE" => ("_info", "gauge"),
            () if infos.contains(name) => ("_info", rest),
            () if what == "TYPE" && rest == "unknown" => ("", "untyped"),
            () => return line.to_owned(),
        };
        format!("# {what} {name}{suffix} {rest}")
    };
    page.lines().map(|each| line(each) + "\n").collect()
}

/// The parts of a comment that speaks of a family.
fn comment(line: &str) -> Option<(&str, &str, &str)> {
    let mut parts = line.strip_prefix("# ")?.splitn(3, ' ');
    let (what, name, rest) = (parts.next()?, parts.next()?, parts.next()?);
    matches!(what, "HELP" | "TYPE").then_some((what, name, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_family_has_the_name_of_its_samples() {
        let page = "# HELP puts Objects that were put.\n# TYPE puts counter\nputs_total 3\n\
                    # HELP atoll_build The program.\n# TYPE atoll_build info\natoll_build_info{version=\"1\"} 1\n\
                    # HELP lag Behind.\n# TYPE lag gauge\n# UNIT lag seconds\nlag 0.5\n# EOF\n";
        let text = "# HELP puts_total Objects that were put.\n# TYPE puts_total counter\nputs_total 3\n\
                    # HELP atoll_build_info The program.\n# TYPE atoll_build_info gauge\n\
                    atoll_build_info{version=\"1\"} 1\n\
                    # HELP lag Behind.\n# TYPE lag gauge\n# UNIT lag seconds\nlag 0.5\n# EOF\n";
        assert_eq!(to_text(page), text);
    }

    #[test]
    fn prometheus_gets_open_metrics_where_it_asks_for_it() {
        assert!(wants_text("text/plain"));
        assert!(wants_text("text/plain;version=0.0.4;q=0.5,*/*;q=0.1"));
        assert!(!wants_text("application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.3"));
        assert!(!wants_text("*/*") && !wants_text(""));
    }
}
