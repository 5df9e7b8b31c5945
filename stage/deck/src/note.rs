use crate::error::Fault;

/// What the speaker says.
pub(crate) struct Note {
    pub(crate) text: String,
    pub(crate) minutes: f64,
    /// Over how many lines it goes.
    pub(crate) lines: usize,
}

/// The text after the beginning of a note, in a line that begins one.
pub(crate) fn begins(line: &str) -> Option<&str> {
    line.trim_start().strip_prefix("<!--")?.trim_start().strip_prefix("note:")
}

/// Reads a note from what its first line says and the lines after it, up to its end.
pub(crate) fn read<'a>(first: &'a str, rest: impl Iterator<Item = &'a str>) -> Result<Note, Fault> {
    let mut note = String::new();
    for line in std::iter::once(first).chain(rest) {
        match line.split_once("-->") {
            Some((_, after)) if !after.trim().is_empty() => return Err(Fault::TextAfterNote),
            Some((last, _)) => return minutes(&(note + last)),
            None => {
                note += line;
                note.push('\n');
            }
        }
    }
    Err(Fault::OpenNote)
}

/// Parts `1.5 min. What to say.`
fn minutes(note: &str) -> Result<Note, Fault> {
    let (number, text) = note.trim().split_once(" min.").ok_or(Fault::NoMinutes)?;
    let digits = number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let minutes = number.parse::<f64>().ok().filter(|minutes| digits && *minutes > 0.0);
    let minutes = minutes.ok_or(Fault::NoMinutes)?;
    match text.trim() {
        "" => Err(Fault::EmptyNote),
        text => Ok(Note { text: text.to_owned(), minutes, lines: note.split('\n').count() }),
    }
}
