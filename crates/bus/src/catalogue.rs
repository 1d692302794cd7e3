//! The event catalogue: what every event says, for those who write a service against it in any language (R40).
//!
//! It follows from the Rust types alone.  Who makes it names the aggregates ([`Published`]); nothing here knows a context.
//! As it stands in `docs/events` it is a promise: [`Catalogue::write`] refuses to change it in a way that somebody who reads
//! events by it could not bear ([`compatible`]).

mod asyncapi;
pub mod compatible;
mod defect;
mod event;
mod page;
#[cfg(test)]
mod tests;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kernel::Published;
use serde_json::Value;

pub use defect::Defect;
use event::Event;

/// The catalogue's files: an AsyncAPI document, a JSON Schema an event, and a page for people.
#[derive(Clone, Debug)]
pub struct Catalogue {
    events: Vec<Event>,
    files: BTreeMap<String, String>,
}

/// What [`Catalogue::write`] did.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Written {
    /// Files that are new or say something else, by their path in the folder.
    pub changed: Vec<String>,
    pub unchanged: usize,
}

/// What stands between the catalogue in a folder and the one that follows from the types.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Difference {
    /// Services that read events by what stands there would break; a sentence each.
    Broken(Vec<String>),
    /// The files do not say what is so; their paths.  Written again, they do.
    Stale(Vec<String>),
}

/// Why the catalogue in a folder could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{doing} {}", path.display())]
    File { doing: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{} is not JSON", path.display())]
    NotJson { path: PathBuf, source: serde_json::Error },
    /// A promise would be broken: nothing was written.
    #[error("the published events would break for those who read them:\n{}", .0.join("\n"))]
    Broken(Vec<String>),
}

impl Catalogue {
    /// The catalogue of these aggregates.
    ///
    /// # Errors
    /// An event that nobody could understand from it: without a description, a rule or an example, or under a name that
    /// another event of its context has.
    pub fn of(published: &[Published]) -> Result<Self, Vec<Defect>> {
        let mut defects = vec![];
        let mut events: Vec<Event> = vec![];
        for aggregate in published {
            events.extend(event::events_of(aggregate, &mut defects));
        }
        let mut names = BTreeSet::new();
        for event in &events {
            if !names.insert((event.context, &event.name)) {
                defects.push(event.defect("has the name of another event of its context"));
            }
        }
        if !defects.is_empty() {
            return Err(defects);
        }
        let mut files: BTreeMap<String, String> =
            events.iter().map(|event| (event.path(), text::written(&event.document()))).collect();
        let asyncapi = asyncapi::document(published, &events);
        files.insert("asyncapi.json".to_owned(), text::written(&asyncapi));
        files.insert("README.md".to_owned(), page::page(published, &events));
        Ok(Self { events, files })
    }

    /// Each file by its path in the catalogue's folder.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// How many kinds of events there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    /// Writes the catalogue into a folder, over the one that stands there.
    ///
    /// # Errors
    /// It would break a promise of the one that stands there, or the folder cannot be read or written.
    pub fn write(&self, folder: &Path) -> Result<Written, Failure> {
        let broken = self.broken_in(folder)?;
        if !broken.is_empty() {
            return Err(Failure::Broken(broken));
        }
        let mut written = Written::default();
        for (path, text) in &self.files {
            let at = folder.join(path);
            if fs::read_to_string(&at).is_ok_and(|there| there == *text) {
                written.unchanged += 1;
                continue;
            }
            let within = at.parent().unwrap_or(folder);
            let failed = |source| Failure::File { doing: "writing", path: at.clone(), source };
            fs::create_dir_all(within).map_err(failed)?;
            fs::write(&at, text).map_err(failed)?;
            written.changed.push(path.clone());
        }
        Ok(written)
    }

    /// What is wrong with the catalogue in a folder.
    ///
    /// # Errors
    /// The folder cannot be read, or a schema in it is not JSON.
    pub fn check(&self, folder: &Path) -> Result<Option<Difference>, Failure> {
        let broken = self.broken_in(folder)?;
        if !broken.is_empty() {
            return Ok(Some(Difference::Broken(broken)));
        }
        let stale: Vec<String> = self
            .files
            .iter()
            .filter(|(path, text)| {
                fs::read_to_string(folder.join(path)).map_or(true, |there| there != **text)
            })
            .map(|(path, _)| path.clone())
            .collect();
        Ok((!stale.is_empty()).then_some(Difference::Stale(stale)))
    }

    /// What was promised in a folder and is no longer so, a sentence each.
    fn broken_in(&self, folder: &Path) -> Result<Vec<String>, Failure> {
        let mut broken = vec![];
        for (path, before) in promised(folder)? {
            let Some(event) = self.events.iter().find(|event| event.path() == path) else {
                broken.push(format!(
                    "{path}: the event is gone; what was recorded once is read for ever, so it stays"
                ));
                continue;
            };
            let faults = compatible::faults(&before, &event.document());
            broken.extend(faults.into_iter().map(|fault| format!("{path}: {fault}")));
        }
        Ok(broken)
    }
}

/// The schemas that stand in a folder, by their path in it: `<context>/<Event>.json`.  None where there is no folder.
fn promised(folder: &Path) -> Result<Vec<(String, Value)>, Failure> {
    let mut schemas = vec![];
    for context in entries(folder)?.into_iter().filter(|path| path.is_dir()) {
        for path in entries(&context)? {
            if path.extension().is_none_or(|extension| extension != "json") {
                continue;
            }
            let text = fs::read_to_string(&path).map_err(|source| Failure::File {
                doing: "reading",
                path: path.clone(),
                source,
            })?;
            let schema = serde_json::from_str(&text)
                .map_err(|source| Failure::NotJson { path: path.clone(), source })?;
            let name = |path: &Path| {
                path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
            };
            schemas.push((format!("{}/{}", name(&context), name(&path)), schema));
        }
    }
    schemas.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(schemas)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed =
        |source| Failure::File { doing: "reading the folder", path: folder.to_owned(), source };
    match fs::read_dir(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(vec![]),
        read => read
            .map_err(failed)?
            .map(|entry| entry.map(|entry| entry.path()).map_err(failed))
            .collect(),
    }
}
