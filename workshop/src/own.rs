//! The attendee's own code: where an exercise is in it, and its state.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, anyhow, ensure};

use crate::chapter::{Chapter, Place, Side};
use crate::files;
use crate::id::Id;
use crate::marks;
use crate::region::{Form, Region, Source, spliced};
use crate::saved::Change;
use crate::starter::generate;

/// How an exercise's regions compare with what they started as and with the solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// At least one region is still the starter.
    Untouched,
    /// Every region is the solution's.
    Solution,
    /// There is own work in it.
    Own,
}

/// A region in the attendee's file, beside the one in the solution.
pub struct Own<'a> {
    pub place: Place<'a>,
    pub path: PathBuf,
    pub source: Source,
    /// The whole file.
    bytes: Vec<u8>,
    index: usize,
    chapter: &'a Chapter,
}

impl Own<'_> {
    pub fn region(&self) -> &Region {
        &self.source.regions[self.index]
    }

    /// The region as it was given, or as the solution has it, with its markers.
    pub fn wanted(&self, form: Form<'_>) -> String {
        self.place.source.region(self.place.region, &self.chapter.titles, form)
    }

    /// The attendee's code of the region.
    pub fn code(&self) -> String {
        self.source.code(self.region())
    }

    /// Where the work is: `chapters/01-single-node/src/store.rs:42`.
    pub fn shown(&self) -> String {
        format!("{}:{}", files::relative(&self.path, &self.chapter.root), self.source.line(self.region()))
    }

    /// Whether the region holds exactly this form.
    pub fn is(&self, form: Form<'_>) -> bool {
        self.source.text(self.region()) == self.wanted(form)
    }
}

/// The regions of an exercise in the attendee's files; an error says which marker is missing and what helps.
pub fn regions<'a>(chapter: &'a Chapter, id: Id) -> Result<Vec<Own<'a>>> {
    let mut found = Vec::new();
    for place in chapter.places(id) {
        let path = path(chapter, place.file);
        let bytes = files::bytes_if_there(&path)?;
        let text = bytes.as_deref().map(files::text);
        let (source, index) = locate(chapter, place, text.as_deref()).map_err(|what| {
            anyhow!(
                "{what}\n`cargo workshop reset {}` puts the chapter's files back, and keeps a copy of yours",
                chapter.code()
            )
        })?;
        let bytes = bytes.unwrap_or_default();
        found.push(Own { place, path, source, bytes, index, chapter });
    }
    Ok(found)
}

fn path(chapter: &Chapter, file: &str) -> PathBuf {
    chapter.dir(Side::Starter).join("src").join(file)
}

/// The attendee's file, read, and which of its regions is the one at `place`; otherwise what is wrong with the markers.
fn locate(chapter: &Chapter, place: Place<'_>, text: Option<&str>) -> Result<(Source, usize), String> {
    let shown = files::relative(&path(chapter, place.file), &chapter.root);
    let text = text.ok_or_else(|| format!("{shown} is missing"))?;
    let broken = || marks::broken(&shown, place.source, text);
    let source =
        Source::parse(text).map_err(|error| broken().unwrap_or_else(|| format!("{shown}, {error:#}")))?;
    // The same one of the exercise's regions in this file, should there be several.
    let same = |r: &&Region| r.id == place.region.id && r.continued == place.region.continued;
    let nth = place.source.regions.iter().filter(same).position(|r| r.start == place.region.start);
    let all = source.regions.iter().enumerate().filter(|(_, region)| same(region));
    let index = all.map(|(index, _)| index).nth(nth.unwrap_or(0));
    let index = index.ok_or_else(|| {
        broken().unwrap_or_else(|| format!("{shown} lacks a part of exercise {}", place.region.id))
    })?;
    Ok((source, index))
}

/// What is wrong with the markers in each of the attendee's files of the chapter.
pub fn broken_marks(chapter: &Chapter) -> Result<Vec<String>> {
    let mut broken = Vec::new();
    for (file, solution) in chapter.sources.iter().filter(|(_, source)| !source.regions.is_empty()) {
        let path = path(chapter, file);
        let shown = files::relative(&path, &chapter.root);
        broken.extend(match files::read_if_there(&path)? {
            Some(text) => marks::broken(&shown, solution, &text),
            None => Some(format!("{shown} is missing")),
        });
    }
    Ok(broken)
}

/// The attendee's files with the regions of these exercises in another form, as changes to make.
pub fn rewritten(chapter: &Chapter, ids: &[Id], form: Form<'_>) -> Result<Vec<Change>> {
    let mut by_file: BTreeMap<PathBuf, Vec<Own<'_>>> = BTreeMap::new();
    for &id in ids {
        for own in regions(chapter, id)? {
            by_file.entry(own.path.clone()).or_default().push(own);
        }
    }
    let mut changes = Vec::new();
    for (path, mut regions) in by_file {
        let before = regions.first().map(|own| own.bytes.clone()).unwrap_or_default();
        let shown = files::relative(&path, &chapter.root);
        ensure!(
            regions.iter().all(|own| own.bytes == before),
            "{shown} was saved this very moment, so nothing was changed; type the command again"
        );
        // From the end of the file, so that the lines of earlier regions stay where they are.
        regions.sort_by_key(|own| Reverse(own.region().start));
        let mut bytes = before.clone();
        for own in &regions {
            bytes = spliced(&bytes, own.region(), &own.wanted(form));
        }
        if bytes != before {
            changes.push(Change { path, to: Some(bytes) });
        }
    }
    Ok(changes)
}

/// The state of an exercise.
pub fn standing(chapter: &Chapter, id: Id) -> Result<Standing> {
    let regions = regions(chapter, id)?;
    if regions.iter().any(|own| own.is(Form::Open)) {
        Ok(Standing::Untouched)
    } else if regions.iter().all(|own| own.is(Form::Solved)) {
        Ok(Standing::Solution)
    } else {
        Ok(Standing::Own)
    }
}

/// Where to work on an exercise: its first region that is still the starter, or otherwise its
/// first.
pub fn place(chapter: &Chapter, id: Id) -> Result<String> {
    let regions = regions(chapter, id)?;
    let open = regions.iter().find(|own| own.is(Form::Open)).or(regions.first());
    open.map(Own::shown).ok_or_else(|| anyhow!("exercise {id} has no region"))
}

/// The exercise whose region in the attendee's file holds this line, counted from 1.
pub fn exercise_at(chapter: &Chapter, side: Side, file: &str, line: usize) -> Option<Id> {
    let source = Source::parse(&files::read_if_there(&chapter.root.join(file)).ok()??).ok()?;
    let inside = file.starts_with(&files::relative(&chapter.dir(side).join("src"), &chapter.root));
    let mut holding = source.regions.iter().filter(|r| (r.start + 1..=r.end + 1).contains(&line));
    holding.next().filter(|_| inside).map(|region| region.id)
}

/// The files whose given part, everything but the exercises, was changed; from the root.
pub fn changed_outside(chapter: &Chapter) -> Result<Vec<String>> {
    let src = chapter.dir(Side::Starter).join("src");
    let mut changed = Vec::new();
    for (name, starter) in generate(chapter, |_| Form::Open)? {
        let path = src.join(name);
        let given = |text: &str| Source::parse(text).map(|source| source.given());
        let yours = files::read_if_there(&path)?.and_then(|text| given(&text).ok());
        if yours != Some(given(&starter)?) {
            changed.push(files::relative(&path, &chapter.root));
        }
    }
    Ok(changed)
}

/// A fingerprint of all code of the chapter that an attendee may touch.
pub fn fingerprint(chapter: &Chapter) -> Result<String> {
    let mut all = String::new();
    for path in files::below_with(&chapter.dir(Side::Starter).join("src"), &["rs"])? {
        all += &files::read_if_there(&path)?.unwrap_or_default();
    }
    Ok(files::fingerprint(&all))
}
