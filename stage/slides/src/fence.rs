//! How a fence is shown, by its info string.

use anyhow::{Context, Result, bail, ensure};

use crate::block::{Block, Code};
use crate::figure::Figure;
use crate::part::Part;
use crate::scene::Scene;
use crate::{code, script, text_diagram};

/// The text after the opening backticks of a fence.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fence {
    Code { language: String, part: Part },
    Diagram { from: Option<u64>, to: Option<u64>, number: Option<usize> },
    SpaceTime,
    Figure,
}

impl Fence {
    pub(crate) fn parse(info: &str) -> Result<Self> {
        let mut words = info.split_whitespace();
        let kind = words.next().unwrap_or("text");
        if kind == "diagram" {
            let (mut from, mut to, mut number) = (None, None, None);
            for word in words {
                let (name, value) = word.split_once('=').unwrap_or((word, ""));
                let value = || value.parse().with_context(|| format!("'{word}' is not as in {name}=80"));
                match name {
                    "from" => from = Some(value()?),
                    "to" => to = Some(value()?),
                    "number" => number = Some(usize::try_from(value()?)?),
                    _ => bail!("a diagram has no option '{word}'; there are from=80, to=250 and number=2"),
                }
            }
            return Ok(Self::Diagram { from, to, number });
        }
        if matches!(kind, "space-time" | "figure") {
            ensure!(words.next().is_none(), "'{info}': a {kind} has no options");
        }
        match kind {
            "space-time" => Ok(Self::SpaceTime),
            "figure" => Ok(Self::Figure),
            kind if code::knows(kind) => {
                let part = Part::parse(info.trim_start().strip_prefix(kind).unwrap_or_default())?;
                Ok(Self::Code { language: kind.to_owned(), part })
            }
            _ => bail!("'{kind}' is no language known here; use text, or: diagram, space-time, figure"),
        }
    }

    pub(crate) fn block(self, code: Code) -> Result<Block> {
        let Code { text, source, line, .. } = code;
        Ok(match self {
            Self::Code { language, part } => {
                Block::Code(Code { language, text: part.of(&text)?, source, line })
            }
            Self::Figure => Block::Figure { figure: Figure::parse(&text)?, source },
            Self::SpaceTime => Block::Diagram { scene: script::parse(&text)?, source, line },
            Self::Diagram { from, to, number } => {
                let scene = one(text_diagram::parse(&text)?, number)?;
                Block::Diagram { scene: scene.cut(from, to)?, source, line }
            }
        })
    }
}

/// The diagram to be shown, of all in a snapshot.
fn one(mut scenes: Vec<Scene>, number: Option<usize>) -> Result<Scene> {
    let count = scenes.len();
    ensure!(count > 0, "there is no diagram in it: no line such as '  ms │  replica 1  us │'");
    ensure!(number.is_some() || count == 1, "there are {count} diagrams in it; say which: diagram number=1");
    let number = number.unwrap_or(1);
    ensure!((1..=count).contains(&number), "there is no diagram number {number} in it, only {count}");
    Ok(scenes.swap_remove(number - 1))
}

/// `../solutions/01-single-node/src/store.rs:1.5`, as it is told to people.
pub(crate) fn source(target: &str) -> String {
    let target = target.trim_start_matches("../");
    match target.rsplit_once(':') {
        Some((file, name)) if name.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{file}, exercise {name}")
        }
        Some((file, name)) => format!("{file}, {name}"),
        None => target.to_owned(),
    }
}
