//! The blocks of exercises of a deck: together they are the exercises of its chapter, in their order.

use anyhow::{Context, Result, bail, ensure};
use deck::Deck;

use crate::chapter::Chapter;
use crate::id::Id;

/// What the room works on after each slide that names exercises.
///
/// # Errors
/// With the line of the deck: where it names what is no exercise of the chapter, or one twice, leaves one out, or
/// changes the order.
pub fn blocks(deck: &Deck, number: u8, chapter: Option<&Chapter>) -> Result<Vec<Vec<Id>>> {
    let mut blocks = Vec::new();
    let mut named = Vec::new();
    for exercises in deck.slides.iter().filter_map(|slide| slide.exercises.as_ref()) {
        let line = exercises.line;
        let ids = exercises.names.iter().map(|name| exercise(name, number, chapter));
        let ids: Vec<Id> = ids.collect::<Result<_>>().with_context(|| format!("line {line}"))?;
        named.extend(ids.iter().map(|&id| (line, id)));
        blocks.push(ids);
    }
    let last = deck.slides.last().map_or(1, |slide| slide.line);
    chapter.map_or(Ok(()), |chapter| all_in_order(chapter, &named, last))?;
    Ok(blocks)
}

fn exercise(name: &str, number: u8, chapter: Option<&Chapter>) -> Result<Id> {
    let id: Id = name.parse()?;
    ensure!(id.chapter == number, "{id} is not an exercise of this deck's chapter {number:02}");
    chapter.with_context(|| format!("there is no chapter {number:02}"))?.exercise(id)?;
    Ok(id)
}

/// `named` are the exercises of the deck with their lines; what is missing at its end is told with the line `last`.
fn all_in_order(chapter: &Chapter, named: &[(usize, Id)], last: usize) -> Result<()> {
    for (at, (line, id)) in named.iter().enumerate() {
        let is_new = named[..at].iter().all(|(_, earlier)| earlier != id);
        ensure!(is_new, "line {line}: {id} is named a second time; an exercise is in one block");
    }
    for (at, exercise) in chapter.exercises.iter().enumerate() {
        let id = exercise.id;
        match named.get(at) {
            Some(&(_, found)) if found == id => {}
            Some((line, found)) if named.iter().any(|&(_, later)| later == id) => {
                bail!("line {line}: {found} comes before {id}; list them in the chapter's order")
            }
            found => {
                let line = found.map_or(last, |&(line, _)| line);
                bail!("line {line}: up to here {id} is in no block; name it: <!-- exercises: {id} -->")
            }
        }
    }
    Ok(())
}
