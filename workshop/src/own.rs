//! The attendee's own code: where an exercise is in it, and how it stands.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Result, anyhow};

use crate::chapter::{Chapter, Place, Side};
use crate::files;
use crate::id::Id;
use crate::region::{Form, Region, Source};
use crate::saved::Change;
use crate::starter::generate;

/// How an exercise's regions compare with what they started as and with the solution.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// At least one region is as it was given.
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
        let path = chapter.dir(Side::Starter).join("src").join(place.file);
        let shown = files::relative(&path, &chapter.root);
        let lost = |what: String| {
            anyhow!(
                "{what}\n`cargo workshop reset {}` puts the chapter's files back, and keeps a copy of yours",
                chapter.code()
            )
        };
        let text = files::read_if_there(&path)?.ok_or_else(|| lost(format!("{shown} is missing")))?;
        let source = Source::parse(&text).map_err(|error| lost(format!("{shown}, {error:#}")))?;
        // The same one of the exercise's regions in this file, should there be several.
        let same = |region: &&Region| region.id == id && region.continued == place.region.continued;
        let nth =
            place.source.regions.iter().filter(same).position(|r| r.start == place.region.start).unwrap_or(0);
        let index = source.regions.iter().enumerate().filter(|(_, region)| same(region)).nth(nth);
        let index = index.map(|(index, _)| index).ok_or_else(|| {
            let continued = if place.region.continued { ", continued" } else { "" };
            let title = &place.region.title;
            lost(format!("in {shown} this line is missing; put it back before your code:\n    // exercise {id}{continued}: {title}"))
        })?;
        found.push(Own { place, path, source, index, chapter });
    }
    Ok(found)
}

/// The attendee's files with the regions of an exercise in another form, as changes to make.
pub fn rewritten(chapter: &Chapter, id: Id, form: Form<'_>) -> Result<Vec<Change>> {
    let mut regions = regions(chapter, id)?;
    // From the end of each file, so that the lines of earlier regions stay where they are.
    regions.sort_by_key(|own| Reverse(own.region().start));
    let mut texts: BTreeMap<PathBuf, String> = BTreeMap::new();
    for own in &regions {
        let text = match texts.get(&own.path) {
            Some(text) => Source::parse(text)?.with(own.region(), &own.wanted(form)),
            None => own.source.with(own.region(), &own.wanted(form)),
        };
        texts.insert(own.path.clone(), text);
    }
    Ok(texts.into_iter().map(|(path, text)| Change { path, text: Some(text) }).collect())
}

/// How an exercise stands.
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

/// Where to work on an exercise: its first region that is as it was given, or else its first.
pub fn place(chapter: &Chapter, id: Id) -> Result<String> {
    let regions = regions(chapter, id)?;
    let open = regions.iter().find(|own| own.is(Form::Open)).or(regions.first());
    open.map(Own::shown).ok_or_else(|| anyhow!("exercise {id} has no region"))
}

/// The exercise whose region in the attendee's file holds this line, counted from 1.
pub fn exercise_at(chapter: &Chapter, side: Side, file: &str, line: usize) -> Option<Id> {
    let source = Source::parse(&files::read(&chapter.root.join(file)).ok()?).ok()?;
    let inside = file.starts_with(&files::relative(&chapter.dir(side).join("src"), &chapter.root));
    let mut holding = source.regions.iter().filter(|r| (r.start + 1..=r.end + 1).contains(&line));
    holding.next().filter(|_| inside).map(|region| region.id)
}

/// The files whose given part, all but the exercises, is not as it was given; from the root.
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
        all += &files::read(&path)?;
    }
    Ok(files::fingerprint(&all))
}
