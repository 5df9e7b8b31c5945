//! Reads the diagrams of snapshots back, as the crate transcript draws them: a column begins with a bar, and
//! the strokes that cross or meet a bar say where a message goes.

use anyhow::{Context, Result, bail, ensure};

use crate::scene::{Column, Event, Fate, Message, Region, Scene, What};

/// From a bar to the text of its column.
const HEAD: usize = 3;

/// All diagrams in a snapshot, in their order. Other lines are passed over.
///
/// # Errors
/// If a row of a diagram cannot be understood.
pub fn parse(text: &str) -> Result<Vec<Scene>> {
    let mut readers: Vec<Reader> = Vec::new();
    // A diagram ends with the first line that is no row of it.
    let mut open = false;
    for line in text.lines() {
        if let Some(unit) = unit(line) {
            readers.push(Reader::new(unit, line));
            open = true;
            continue;
        }
        let cells: Vec<char> = line.chars().collect();
        match readers.last_mut().filter(|reader| open && reader.is_row(&cells)) {
            Some(reader) => reader.row(&cells).with_context(|| format!("in the row '{}'", line.trim()))?,
            None => open = false,
        }
    }
    Ok(readers.into_iter().map(|reader| reader.scene).collect())
}

struct Reader {
    /// The place of each column's bar.
    bars: Vec<usize>,
    scene: Scene,
    /// Sent, but not arrived so far.
    under_way: Vec<usize>,
}

impl Reader {
    fn new(unit: &str, head: &str) -> Self {
        let cells: Vec<char> = head.chars().collect();
        let bars: Vec<usize> = (0..cells.len()).filter(|&at| cells[at] == '│').collect();
        let ends = bars.iter().skip(1).copied().chain([cells.len()]);
        let column = |(&bar, end): (&usize, usize)| {
            let title: String = cells[bar + 1..end].iter().collect();
            let (about, name) = title.trim().split_once("  ").unwrap_or((title.trim(), ""));
            let (about, name) = if name.is_empty() { (name, about) } else { (about, name) };
            let region = Region::of(title.trim().split("  ").next().unwrap_or_default());
            Column { name: name.to_owned(), about: about.to_owned(), region }
        };
        let columns = bars.iter().zip(ends).map(column).collect();
        Self {
            bars,
            scene: Scene { unit: unit.to_owned(), columns, ..Scene::default() },
            under_way: Vec::new(),
        }
    }

    fn is_row(&self, cells: &[char]) -> bool {
        let bar = self.bars.first().copied().unwrap_or_default();
        let time: String = cells.iter().take(bar).collect();
        let is_time = !time.trim().is_empty() && time.trim().chars().all(|c| c.is_ascii_digit() || c == '.');
        is_time && cells.get(bar) == Some(&'│')
    }

    fn row(&mut self, cells: &[char]) -> Result<()> {
        let time: String = cells.iter().take(self.bars[0]).collect();
        // "... │  (13 rows before these)"
        if time.trim().starts_with('.') {
            return Ok(());
        }
        let at = time.trim().parse().context("its time is no whole number")?;
        let cell = |at: usize| cells.get(at).copied().unwrap_or(' ');
        // The tail of an arrow to the left; a shaft that goes on after its first stroke only crosses the bar.
        let is_tail = |&column: &usize| {
            let bar = self.bars[column];
            matches!(cell(bar), '├' | '┼' | 'x') && matches!(cell(bar + 1), '─' | '╌') && cell(bar + 2) == ' '
        };
        if let Some(column) = (0..self.bars.len()).find(is_tail) {
            let label = self.column_text(cells, column);
            return self.leftwards(cells, at, column, label);
        }
        for column in 0..self.bars.len() {
            let bar = self.bars[column];
            let label = self.column_text(cells, column);
            if let Some(note) = label.strip_prefix("* ") {
                self.happens(at, What::Note(column, note.to_owned()));
                return Ok(());
            }
            if (cell(bar), cell(bar + 1)) == ('├', '▶') {
                return self.arrives(at, column, &label, |from| from < column);
            }
            match stroke(&label) {
                Some((label, '◀')) => return self.arrives(at, column, label, |from| from > column),
                Some((label, _)) => return self.rightwards(cells, at, column, label.to_owned()),
                None => {}
            }
        }
        bail!("there is neither a message nor a note in it")
    }

    /// What stands in a column, up to the next bar that is whole, or met by a shaft.
    fn column_text(&self, cells: &[char], column: usize) -> String {
        let start = (self.bars[column] + HEAD).min(cells.len());
        let is_end = |&&bar: &&usize| matches!(cells.get(bar), Some('│' | '┤' | '├' | '┼' | 'x'));
        let end = self.bars[column + 1..].iter().find(is_end).copied();
        let text: String = cells[start..end.unwrap_or(cells.len()).max(start)].iter().collect();
        text.trim().to_owned()
    }

    /// Follows a shaft from the sender to the right.
    fn rightwards(&mut self, cells: &[char], at: u64, from: usize, label: String) -> Result<()> {
        for to in from + 1..self.bars.len() {
            let bar = self.bars[to];
            match (cells.get(bar), cells.get(bar + 1)) {
                (Some('┤'), _) => {
                    let waits = text(cells, bar + HEAD).starts_with("on its way");
                    return self.sent(
                        at,
                        from,
                        to,
                        label,
                        if waits { Fate::OnItsWay } else { Fate::Arrives },
                    );
                }
                (Some('x'), _) => return self.sent(at, from, to, label, lost(&text(cells, bar + HEAD))),
                (Some('┼'), Some('▶')) => return self.at_once(at, from, to, label),
                _ => {}
            }
        }
        bail!("its arrow meets no column")
    }

    /// Follows a shaft from the sender to the left.
    fn leftwards(&mut self, cells: &[char], at: u64, from: usize, label: String) -> Result<()> {
        for to in (0..from).rev() {
            let edge = self.bars[to + 1];
            let words: String = cells[self.bars[to] + 1..edge].iter().collect();
            match cells.get(edge) {
                Some('├') => {
                    let waits = words.trim().ends_with("on its way");
                    return self.sent(
                        at,
                        from,
                        to,
                        label,
                        if waits { Fate::OnItsWay } else { Fate::Arrives },
                    );
                }
                Some('x') => return self.sent(at, from, to, label, lost(&words)),
                Some('┼') if words.contains('◀') => return self.at_once(at, from, to, label),
                _ => {}
            }
        }
        bail!("its arrow meets no column")
    }

    fn happens(&mut self, at: u64, what: What) {
        self.scene.events.push(Event { at, what });
    }

    fn sent(&mut self, at: u64, from: usize, to: usize, label: String, fate: Fate) -> Result<()> {
        let place = self.scene.messages.len();
        // An arrow to the edge has arrived only when the row of its arrival is found.
        let so_far = if fate == Fate::Arrives { Fate::OnItsWay } else { fate };
        self.scene.messages.push(Message { from, to, label, fate: so_far });
        self.under_way.extend((fate == Fate::Arrives).then_some(place));
        self.happens(at, What::Sent(place));
        Ok(())
    }

    fn at_once(&mut self, at: u64, from: usize, to: usize, label: String) -> Result<()> {
        let place = self.scene.messages.len();
        self.scene.messages.push(Message { from, to, label, fate: Fate::Arrives });
        self.happens(at, What::Sent(place));
        self.happens(at, What::Arrived(place));
        Ok(())
    }

    /// The head of an arrow: it belongs to the first message with this label that may be meant.
    fn arrives(&mut self, at: u64, to: usize, label: &str, from: impl Fn(usize) -> bool) -> Result<()> {
        let messages = &mut self.scene.messages;
        let meant = |&place: &usize| {
            let message: &Message = &messages[place];
            message.to == to && from(message.from) && message.label == label
        };
        let place = match self.under_way.iter().position(meant) {
            Some(found) => {
                let place = self.under_way.remove(found);
                messages[place].fate = Fate::Arrives;
                place
            }
            None => {
                // Sent before the rows that the snapshot shows; of two possible senders nothing tells which.
                let mut senders = (0..self.bars.len()).filter(|&sender| from(sender));
                let sender = senders.next().context("nobody can have sent it")?;
                ensure!(
                    senders.next().is_none(),
                    "it was sent before the first row, and nothing tells by whom"
                );
                messages.push(Message { from: sender, to, label: label.to_owned(), fate: Fate::Arrives });
                messages.len() - 1
            }
        };
        self.happens(at, What::Arrived(place));
        Ok(())
    }
}

/// What times are counted in, in the head of a diagram: `  ms │  replica 1  us`, ` day │  replica 1  us`.
fn unit(line: &str) -> Option<&str> {
    let (unit, columns) = line.trim_start().split_once(" │")?;
    let is_unit = !unit.is_empty() && unit.chars().all(|c| c.is_ascii_lowercase());
    (is_unit && columns.contains('│')).then_some(unit)
}

fn text(cells: &[char], at: usize) -> String {
    cells.iter().skip(at).collect()
}

/// A label and the first stroke of the arrow after it.
fn stroke(text: &str) -> Option<(&str, char)> {
    let (label, stroke) = text.match_indices(' ').find_map(|(at, _)| {
        let next = text[at + 1..].chars().next()?;
        matches!(next, '─' | '╌' | '◀').then_some((&text[..at], next))
    })?;
    Some((label.trim_end(), stroke))
}

/// `lost at 280`, or `lost` in the millisecond in which it was sent.
fn lost(words: &str) -> Fate {
    let words: Vec<&str> =
        words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let at = words.iter().position(|word| *word == "at").and_then(|at| words.get(at + 1));
    Fate::Lost(at.and_then(|at| at.parse().ok()))
}
