//! The starter of a chapter, generated from its solution.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::chapter::{Chapter, Side};
use crate::files;
use crate::region::{Form, Region};

/// The files of a chapter's `src`, by their path below it, with each region in the form that `form` gives.
pub fn generate<'a>(
    chapter: &'a Chapter,
    form: impl Fn(&Region) -> Form<'a>,
) -> Result<BTreeMap<String, String>> {
    let src = chapter.dir(Side::Solution).join("src");
    let mut all = BTreeMap::new();
    for path in files::below(&src)? {
        all.insert(files::relative(&path, &src), files::read(&path)?);
    }
    all.extend(chapter.render(form).into_iter().map(|(path, text)| (path.to_owned(), text)));
    Ok(all)
}

/// How one of the attendee's files differs from what it should be.
pub struct Drift {
    /// Below the chapter's `src`.
    pub path: String,
    /// What it should hold; none if it should not be.
    pub wanted: Option<String>,
    /// What it holds; none if it is missing.
    pub found: Option<String>,
}

/// The files of the chapter that differ from `wanted`.
pub fn drift(chapter: &Chapter, mut wanted: BTreeMap<String, String>) -> Result<Vec<Drift>> {
    let src = chapter.dir(Side::Starter).join("src");
    let mut drift = Vec::new();
    for file in files::below(&src)? {
        let path = files::relative(&file, &src);
        let (wanted, found) = (wanted.remove(&path), files::read_if_there(&file)?);
        // A link that leads nowhere is found and holds nothing.
        if wanted.is_none() || wanted != found {
            drift.push(Drift { path, wanted, found });
        }
    }
    drift.extend(wanted.into_iter().map(|(path, text)| Drift { path, wanted: Some(text), found: None }));
    Ok(drift)
}
