//! A world in the test's hand: a nation, a folder, a clock, and an office that opens and closes.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use app::clock::Clock;
use app::{
    Adopted, Desk, Document, Folder, Imported, Invitations, Office, Progress, Recording,
    ReviewQuestion, Reviewed, What, check_import, no_progress, read_criteria,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use journal::Entry;
use kernel::{AcademicYear, CommandId, LeadingEdgeYear, Release, Standing, Urn};
use membership::criteria::Adoption;
use national_data::File;
use national_data::sample::Nation;
use schools::School;
use tokio::runtime::Runtime;

use crate::program::repository;

pub(crate) struct World {
    folder: tempfile::TempDir,
    files: BTreeMap<String, File>,
    now: Arc<Mutex<DateTime<Utc>>>,
    runtime: Runtime,
    office: Option<Office>,
}

impl World {
    /// Before anything was recorded, on a day.
    #[track_caller]
    pub(crate) fn of(nation: &Nation, today: &str) -> Self {
        let files = nation.files().into_iter();
        Self {
            folder: tempfile::tempdir().unwrap(),
            files: files
                .map(|(name, bytes)| (name.clone(), File::from_bytes(name, bytes)))
                .collect(),
            now: Arc::new(Mutex::new(noon(today))),
            runtime: Runtime::new().unwrap(),
            office: None,
        }
    }

    /// The office closes, and opens again on another day.
    #[track_caller]
    pub(crate) fn on(&mut self, today: &str) -> &mut Self {
        self.close();
        *self.now.lock().unwrap() = noon(today);
        self
    }

    #[track_caller]
    pub(crate) fn close(&mut self) {
        if let Some(office) = self.office.take() {
            self.runtime.block_on(office.close()).unwrap();
        }
    }

    /// What is only derived for the write side is gone: the office closes, and its sled directory with it.
    #[track_caller]
    pub(crate) fn lose_what_is_derived(&mut self) {
        self.close();
        std::fs::remove_dir_all(self.folder().join("heads.sled")).unwrap();
    }

    /// What people query is gone.
    #[track_caller]
    pub(crate) fn lose_the_read_models(&mut self) {
        self.close();
        for entry in std::fs::read_dir(self.folder()).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_string_lossy().starts_with("read-models") {
                std::fs::remove_file(path).unwrap();
            }
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        Arc::new(move || *now.lock().unwrap())
    }

    /// The office, opened if it is closed.
    #[track_caller]
    pub(crate) fn office(&mut self) -> &mut Office {
        if self.office.is_none() {
            let clock = self.clock();
            let office = Office::open(self.folder(), clock, "office", &no_progress).unwrap();
            self.office = Some(office);
        }
        self.office.as_mut().unwrap()
    }

    #[track_caller]
    pub(crate) fn desk(&mut self) -> &Desk {
        self.office().desk()
    }

    /// A file of the nation, by its name, as a kind that follows from it.
    #[track_caller]
    pub(crate) fn import(&mut self, name: &str) -> Imported {
        let file = self.file(name);
        self.import_file(&file, kind_of(name), None)
    }

    #[track_caller]
    pub(crate) fn import_file(
        &mut self,
        file: &File,
        what: What,
        published: Option<NaiveDate>,
    ) -> Imported {
        self.office();
        let Self { runtime, office, .. } = self;
        let office = office.as_mut().unwrap();
        runtime.block_on(office.import(file, what, published, &no_progress)).unwrap()
    }

    /// The same, watched by somebody who may stop it at any word.
    #[track_caller]
    pub(crate) fn import_watched(&mut self, name: &str, watched: Progress<'_>) -> Imported {
        self.office();
        let file = self.file(name);
        let Self { runtime, office, .. } = self;
        let import = office.as_mut().unwrap().import(&file, kind_of(name), None, watched);
        runtime.block_on(import).unwrap()
    }

    /// What an import would do.
    #[track_caller]
    pub(crate) fn check(&self, name: &str) -> Imported {
        self.check_in(self.folder(), &self.file(name))
    }

    /// The same, in any folder.
    #[track_caller]
    pub(crate) fn check_in(&self, folder: &Path, file: &File) -> Imported {
        let (clock, what) = (self.clock(), kind_of(&file.name));
        let checked = check_import(folder, clock, file, what, None, &no_progress);
        self.runtime.block_on(checked).unwrap()
    }

    pub(crate) fn file(&self, name: &str) -> File {
        self.files[name].clone()
    }

    /// Adopts the criteria that ship with the program, and answers how many events that was.
    #[track_caller]
    pub(crate) fn adopt(&mut self) -> usize {
        self.office();
        let Self { runtime, office, .. } = self;
        runtime.block_on(office.as_mut().unwrap().adopt(criteria())).unwrap()
    }

    #[track_caller]
    pub(crate) fn review(&mut self, question: &ReviewQuestion) -> Reviewed {
        self.desk().review(question).unwrap()
    }

    /// A review as programs see it, not recorded.
    #[track_caller]
    pub(crate) fn document(&mut self, question: &ReviewQuestion) -> Document {
        Document::of(&self.review(question), Recording::Preview)
    }

    #[track_caller]
    pub(crate) fn record(&mut self, reviewed: &Reviewed) -> Recording {
        self.office();
        let Self { runtime, office, .. } = self;
        runtime.block_on(office.as_mut().unwrap().record_review(reviewed)).unwrap()
    }

    #[track_caller]
    pub(crate) fn invite(&mut self, year: LeadingEdgeYear) -> Invitations {
        self.office();
        let Self { runtime, office, .. } = self;
        runtime.block_on(office.as_mut().unwrap().invite(year, None, None, &no_progress)).unwrap()
    }

    /// Whatever the office does.
    #[track_caller]
    pub(crate) fn at_office<T>(&mut self, work: impl AsyncFnOnce(&mut Office) -> T) -> T {
        self.office();
        let Self { runtime, office, .. } = self;
        runtime.block_on(work(office.as_mut().unwrap()))
    }

    /// Asks a school's record.
    #[track_caller]
    pub(crate) fn ask_school(&mut self, urn: Urn, command: schools::school::Command) {
        let asked = self.office().asked(CommandId::mint());
        let Self { runtime, office, .. } = self;
        let office = office.as_mut().unwrap();
        runtime.block_on(office.ask::<School>(&urn.to_string(), command, asked)).unwrap();
        runtime.block_on(office.settle(&no_progress)).unwrap();
    }

    /// The journal's last position; 0 where there is no journal.
    #[track_caller]
    pub(crate) fn head(&self) -> u64 {
        let folder = Folder::at(self.folder());
        if folder.journal.exists() { folder.reader().unwrap().head().unwrap() } else { 0 }
    }

    /// Everything recorded after a position.
    #[track_caller]
    pub(crate) fn recorded_after(&self, position: u64) -> Vec<Entry> {
        let reader = Folder::at(self.folder()).reader().unwrap();
        let mut entries = vec![];
        reader.read(position, usize::MAX >> 1, &mut entries).unwrap();
        entries
    }

    /// How many of each kind of event were recorded after a position.
    #[track_caller]
    pub(crate) fn counted_after(&self, position: u64) -> BTreeMap<String, usize> {
        let mut counted = BTreeMap::new();
        for entry in self.recorded_after(position) {
            *counted.entry(entry.event_type).or_default() += 1;
        }
        counted
    }

    #[track_caller]
    pub(crate) fn adoptions(&mut self) -> Vec<Adopted> {
        self.desk().adoptions(None).unwrap()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if let Some(office) = self.office.take() {
            // A test that failed already says more than a close that does too.
            drop(self.runtime.block_on(office.close()));
        }
    }
}

/// The criteria of 2018-19, as they ship with the program.
#[track_caller]
pub(crate) fn criteria() -> Adoption {
    read_criteria(&repository().join("deploy/criteria/2018-19.toml")).unwrap()
}

/// What a file of a sample nation is, by its name.
#[track_caller]
pub(crate) fn kind_of(name: &str) -> What {
    let release = |standing| {
        let year: AcademicYear = name[..9].replace('-', "/").parse().unwrap();
        What::Ks4(Release { year, standing })
    };
    match name {
        _ if name.ends_with("_ks4provisional.csv") => release(Standing::Provisional),
        _ if name.ends_with("_ks4final.csv") => release(Standing::Final),
        _ if name.starts_with("ofsted") => What::Ofsted,
        _ if name.starts_with("links") => What::Links,
        _ if name.starts_with("edubase") => What::Register,
        _ if name.starts_with("ssat-cover") => What::Cover,
        _ => panic!("{name} is not a file of a sample nation"),
    }
}

/// The review of a year on the results of another, as at a day.
#[track_caller]
pub(crate) fn question(year: &str, results: Option<&str>, as_at: &str) -> ReviewQuestion {
    ReviewQuestion {
        year: year.parse().unwrap(),
        results: results.map(|year| year.parse().unwrap()),
        as_at: day(as_at),
        as_known_on: None,
        criteria: None,
    }
}

#[track_caller]
pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn noon(text: &str) -> DateTime<Utc> {
    day(text).and_time(NaiveTime::from_hms_opt(12, 0, 0).unwrap()).and_utc()
}
