/// The fence around a block of code; its contents are text, whatever they look like.
#[derive(Clone, Copy, Debug)]
pub struct Fence {
    mark: char,
    length: usize,
}

impl Fence {
    /// The fence that a line opens.
    pub fn opens(line: &str) -> Option<Self> {
        ['`', '~'].into_iter().find_map(|mark| {
            let (length, info) = leading(line, mark);
            // With a mark in its info string it is code within a line: ```a```.
            (length >= 3 && !info.contains(mark)).then_some(Self { mark, length })
        })
    }

    /// Whether a line closes it.
    pub fn is_closed_by(self, line: &str) -> bool {
        let (length, rest) = leading(line, self.mark);
        length >= self.length && rest.trim().is_empty()
    }
}

/// How many marks a line begins with, and what follows.
fn leading(line: &str, mark: char) -> (usize, &str) {
    let line = line.trim_start();
    let rest = line.trim_start_matches(mark);
    (line.len() - rest.len(), rest)
}
