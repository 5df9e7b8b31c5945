//! Mutants: plausible wrong answers, which the tests of their exercise must catch.
//!
//! ```text
//! // mutant of 2.6, part 2: what is wrong
//! // Why a thoughtful person would write this.
//! code in place of the region's
//! ```

use anyhow::{Context, Result, ensure};

use crate::chapter::{Chapter, Side};
use crate::files;
use crate::id::Id;
use crate::region::{Form, Region};

/// A wrong answer to one region of an exercise.
pub struct Mutant {
    pub id: Id,
    /// Which of the exercise's regions it replaces, counted from 1.
    part: usize,
    /// The name of its file.
    pub name: String,
    code: String,
}

impl Mutant {
    fn parse(name: &str, text: &str) -> Result<Mutant> {
        let head = "a mutant starts with '// mutant of 1.2: what is wrong'";
        let (first, rest) = text.split_once('\n').context(head)?;
        let (of, wrong) =
            first.strip_prefix("// mutant of ").and_then(|of| of.split_once(": ")).context(head)?;
        ensure!(!wrong.trim().is_empty(), head);
        let (id, part) = of.split_once(", part ").unwrap_or((of, "1"));
        let part = part.parse().ok().filter(|&part| part > 0).context("parts are counted from 1")?;
        let why = rest.lines().take_while(|line| line.starts_with("//")).count();
        ensure!(why > 0, "the second line says why a thoughtful person would write this");
        let code = rest.lines().skip(why).map(|line| line.to_owned() + "\n").collect();
        Ok(Mutant { id: id.parse()?, part, name: name.to_owned(), code })
    }

    /// The form of each region in the chapter with this mutant in it.
    pub fn form<'a>(&'a self, chapter: &Chapter) -> impl Fn(&Region) -> Form<'a> {
        // A continued region and the first differ; two continued ones differ by their prose or their line.
        let key = |region: &Region| (region.id, region.continued, region.title.clone(), region.start);
        let target = chapter.places(self.id).get(self.part - 1).map(|place| key(place.region));
        move |region| if Some(key(region)) == target { Form::Code(&self.code) } else { Form::Solved }
    }
}

/// The mutants of a chapter, in order of their names.
pub fn all(chapter: &Chapter) -> Result<Vec<Mutant>> {
    let folder = chapter.dir(Side::Solution).join("mutants");
    let mut mutants = Vec::new();
    for path in files::below_with(&folder, &["rs"])? {
        let name = files::relative(&path, &folder);
        let mutant = Mutant::parse(&name, &files::read(&path)?).with_context(|| format!("mutant {name}"))?;
        let parts = chapter.places(mutant.id).len();
        ensure!(mutant.part <= parts, "mutant {name}: exercise {} has {parts} parts", mutant.id);
        mutants.push(mutant);
    }
    Ok(mutants)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_its_exercise_its_part_and_why() {
        let mutant =
            Mutant::parse("a", "// mutant of 2.6, part 2: late\n// Looks\n// fine.\na();\n\n// b\n").unwrap();
        assert_eq!((mutant.id.to_string().as_str(), mutant.part), ("2.6", 2));
        assert_eq!(mutant.code, "a();\n\n// b\n");
        assert_eq!(Mutant::parse("a", "// mutant of 2.6: late\n// Why.\n").unwrap().part, 1);
    }

    #[test]
    fn a_mutant_without_head_or_reason_is_an_error() {
        for text in ["", "a();\n", "// mutant of 2.6: late\na();\n", "// mutant of 2.6, part 0: a\n// b\n"] {
            assert!(Mutant::parse("a", text).is_err(), "{text}");
        }
    }
}
