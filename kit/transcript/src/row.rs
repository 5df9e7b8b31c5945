//! A row of the diagram: the layout between the bars of the columns.

use std::fmt;

/// Where the columns stand: each begins with a bar, has room for an arrow's head and a label, and then for
/// the shaft of an arrow to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grid {
    pub(crate) columns: usize,
    /// The widest text of a column.
    pub(crate) text: usize,
}

/// From a bar to the text: the head of an arrow or its first stroke, and space.
const HEAD: usize = 3;

/// From the widest text to the next bar.
const SHAFT: usize = 6;

impl Grid {
    fn bar(self, column: usize) -> usize {
        column * (HEAD + self.text + SHAFT)
    }
}

/// How an arrow ends that does not arrive in its own row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tip {
    /// At the edge of the receiver's column; it arrives later.
    Edge,
    /// The same, and it hasn't arrived yet.
    OnItsWay,
    /// It never arrives; with what is to be said of it.
    Lost(String),
    /// In the receiver's column, in this row.
    Arrived,
}

/// A row that is being drawn.
pub(crate) struct Row {
    grid: Grid,
    cells: Vec<char>,
}

impl Row {
    pub(crate) fn new(grid: Grid) -> Self {
        let mut row = Self { grid, cells: Vec::new() };
        (0..grid.columns).for_each(|column| row.put(grid.bar(column), '│'));
        row
    }

    fn put(&mut self, at: usize, cell: char) {
        if self.cells.len() <= at {
            self.cells.resize(at + 1, ' ');
        }
        self.cells[at] = cell;
    }

    fn write(&mut self, at: usize, text: &str) {
        text.chars().enumerate().for_each(|(place, cell)| self.put(at + place, cell));
    }

    /// Text at its place in a column. What is too long runs over the columns to the right.
    pub(crate) fn text(&mut self, column: usize, text: &str) {
        self.write(self.grid.bar(column) + HEAD, text);
    }

    /// The shaft of an arrow, from one place up to another; a bar on its way is crossed.
    fn shaft(&mut self, from: usize, to: usize, stroke: char) {
        for at in from..to {
            let crossed = self.cells.get(at) == Some(&'│');
            self.put(at, if crossed { '┼' } else { stroke });
        }
    }

    /// A message that is sent from one column to another, with its label, and the tip of its arrow.
    pub(crate) fn sent(&mut self, from: usize, to: usize, label: &str, tip: Tip) {
        self.text(from, label);
        let stroke = if tip == Tip::OnItsWay { '╌' } else { '─' };
        let rightwards = from < to;
        // The edge is where the arrow meets the receiver's column, coming from the sender's.
        let edge = self.grid.bar(if rightwards { to } else { to + 1 });
        let tail = self.grid.bar(from) + HEAD;
        if from == to {
            return;
        } else if rightwards {
            self.shaft(tail + label.chars().count() + 1, edge, stroke);
        } else {
            self.shaft(edge, tail - 1, stroke);
        }
        let (mark, words) = match tip {
            Tip::Edge => (if rightwards { '┤' } else { '├' }, String::new()),
            Tip::OnItsWay => (if rightwards { '┤' } else { '├' }, "on its way".to_owned()),
            Tip::Lost(words) => ('x', words),
            Tip::Arrived => {
                self.arrived(from, to, label);
                ('┼', String::new())
            }
        };
        self.put(edge, mark);
        let beside = if rightwards { edge + HEAD } else { edge.saturating_sub(words.len() + 1) };
        self.write(beside, &words);
    }

    /// A message that arrives in a column, with its label after the arrow's head.
    pub(crate) fn arrived(&mut self, from: usize, to: usize, label: &str) {
        self.text(to, label);
        let bar = self.grid.bar(to);
        if from < to {
            self.put(bar, '├');
            self.put(bar + 1, '▶');
        } else if to < from {
            let head = bar + HEAD + label.chars().count() + 1;
            let edge = self.grid.bar(to + 1);
            self.put(head, '◀');
            self.shaft(head + 1, edge, '─');
            self.put(edge, '┤');
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let row: String = self.cells.iter().collect();
        f.write_str(row.trim_end())
    }
}
