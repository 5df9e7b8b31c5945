use crate::error::Fault;

/// The exercises that a line names, if any.
pub(crate) fn read(line: &str) -> Option<Result<Vec<String>, Fault>> {
    let rest = line.trim().strip_prefix("<!--")?.trim_start().strip_prefix("exercises:")?;
    let names = rest.strip_suffix("-->").filter(|names| !names.contains("-->") && !names.trim().is_empty());
    let split = |names: &str| names.split_whitespace().map(str::to_owned).collect();
    Some(names.map(split).ok_or(Fault::UnreadableExercises))
}
