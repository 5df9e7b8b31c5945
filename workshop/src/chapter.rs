//! A chapter: what its author wrote about the exercises, and the solution they are cut from.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use crate::files;
use crate::id::Id;
use crate::region::{Form, Region, Source, Titles};

/// An exercise as `exercises.toml` describes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exercise {
    pub id: Id,
    pub minutes: u32,
    /// The heading in the guide.
    pub section: String,
    /// The usual cause of no answer.
    pub hang: Option<String>,
    /// Why the solution is as it is.
    #[serde(default)]
    pub remark: String,
    #[serde(default)]
    pub hints: Vec<String>,
    /// From the marker of the first region.
    #[serde(skip)]
    pub title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Description {
    title: String,
    about: String,
    #[serde(default)]
    exercise: Vec<Exercise>,
}

/// A chapter, with the sources of its solution.
#[derive(Debug)]
pub struct Chapter {
    pub number: u8,
    /// The name of its folder, such as `01-single-node`.
    pub folder: String,
    pub title: String,
    pub about: String,
    pub exercises: Vec<Exercise>,
    /// The Rust files of the solution, by their path below `src`, sorted.
    pub sources: Vec<(String, Source)>,
    pub titles: Titles,
    pub root: PathBuf,
}

/// Whose code the tests run against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Starter,
    Solution,
}

/// A region of the solution and the file it is in, by its path below `src`.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub file: &'a str,
    pub source: &'a Source,
    pub region: &'a Region,
}

impl Chapter {
    /// Reads the chapter whose solution is `solutions/FOLDER`.
    pub fn load(root: &Path, folder: &str) -> Result<Chapter> {
        let number = folder.split('-').next().and_then(|digits| digits.parse().ok());
        let number = number.with_context(|| format!("solutions/{folder} does not start with a number"))?;
        let path = root.join("solutions").join(folder).join("exercises.toml");
        let description: Description =
            toml::from_str(&files::read(&path)?).with_context(|| format!("in {}", path.display()))?;

        let src = root.join("solutions").join(folder).join("src");
        let mut sources = Vec::new();
        for file in files::below_with(&src, &["rs"])? {
            let source = Source::parse(&files::read(&file)?);
            let source = source.with_context(|| format!("in {}", files::relative(&file, root)))?;
            sources.push((files::relative(&file, &src), source));
        }
        let titles = titles(&sources).with_context(|| format!("in solutions/{folder}/src"))?;

        let mut exercises = description.exercise;
        for exercise in &mut exercises {
            let title = titles.get(&exercise.id);
            exercise.title = title.with_context(|| format!("no region of exercise {}", exercise.id))?.clone();
        }
        exercises.sort_by_key(|exercise| exercise.id);
        let Description { title, about, .. } = description;
        Ok(Chapter {
            number,
            folder: folder.to_owned(),
            title,
            about,
            exercises,
            sources,
            titles,
            root: root.to_owned(),
        })
    }

    /// The exercise with this id; the error lists what there is.
    pub fn exercise(&self, id: Id) -> Result<&Exercise> {
        let found = self.exercises.iter().find(|exercise| exercise.id == id);
        found.with_context(|| {
            let ids: Vec<String> = self.exercises.iter().map(|exercise| exercise.id.to_string()).collect();
            format!("there is no exercise {id}; chapter {:02} has {}", self.number, ids.join(", "))
        })
    }

    /// The regions of an exercise: first the one with its title, then the others in order.
    pub fn places(&self, id: Id) -> Vec<Place<'_>> {
        let mut places: Vec<Place<'_>> = self.all_places().filter(|place| place.region.id == id).collect();
        places.sort_by_key(|place| place.region.continued);
        places
    }

    fn all_places(&self) -> impl Iterator<Item = Place<'_>> {
        self.sources.iter().flat_map(|(file, source)| {
            source.regions.iter().map(move |region| Place { file, source, region })
        })
    }

    /// The source files with every region in the form that `form` gives.
    pub fn render<'a>(&'a self, form: impl Fn(&Region) -> Form<'a>) -> Vec<(&'a str, String)> {
        let render =
            |(file, source): &'a (String, Source)| (file.as_str(), source.render(&self.titles, &form));
        self.sources.iter().map(render).collect()
    }

    /// The folder of the attendee's code, or of the solution.
    pub fn dir(&self, side: Side) -> PathBuf {
        let parent = if side == Side::Starter { "chapters" } else { "solutions" };
        self.root.join(parent).join(&self.folder)
    }

    /// The name of the package.
    pub fn package(&self, side: Side) -> String {
        format!("{}{}", if side == Side::Starter { "ch" } else { "sol" }, self.folder)
    }

    /// The name of the chapter's program: `ch01`.
    pub fn example(&self, side: Side) -> String {
        format!("{}{}", if side == Side::Starter { "ch" } else { "sol" }, self.code())
    }

    /// How the chapter is typed: `01`.
    pub fn code(&self) -> String {
        format!("{:02}", self.number)
    }
}

/// The title of every exercise; each must have one first region, of its own chapter.
fn titles(sources: &[(String, Source)]) -> Result<Titles> {
    let mut titles = Titles::new();
    let regions = || sources.iter().flat_map(|(file, source)| source.regions.iter().map(move |r| (file, r)));
    for (file, region) in regions().filter(|(_, region)| !region.continued) {
        if titles.insert(region.id, region.title.clone()).is_some() {
            let line = region.start + 1;
            bail!(
                "{file}:{line}: exercise {0} starts twice; head it '// exercise {0}, continued: …'",
                region.id
            );
        }
    }
    for (file, region) in regions() {
        let (line, id) = (region.start + 1, region.id);
        ensure!(titles.contains_key(&id), "{file}:{line}: exercise {id} is continued, and starts nowhere");
    }
    Ok(titles)
}
