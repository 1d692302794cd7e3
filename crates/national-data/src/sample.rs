//! A sample nation: invented schools in the official layouts, for demonstrations, tests and measurements.
//!
//! Any size, and the same for the same seed, to the byte, on every platform.  Its figures are spread as the national
//! record is (2016/17 and 2017/18), and its files have the traps of the real ones: layouts that drift from year to year,
//! two encodings, three line ends, codes in place of numbers, totals between the schools, links from one side only,
//! a day with two grades, schools that change their URN.  [`Truth`] tells what was put in.
//!
//! Names of local authorities and their rough places are real (Open Government Licence v3.0); towns, schools, trusts
//! and every figure are invented.

mod authorities;
mod beside;
mod careers;
mod cover;
mod dates;
mod dice;
mod ground;
mod inspections;
mod issues;
mod ks4;
mod links;
mod names;
mod register;
mod results;
mod school;
mod table;
#[cfg(test)]
mod tests;
mod totals;
mod truth;
mod two_years;
mod urns;
mod witness;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use issues::{Issue, Kind};
pub use truth::{Covered, Examined, Inspected, Succeeded, Truth};

use careers::Careers;
use ks4::LAYOUTS;
use school::register_day;
use table::{utf_8_with_mark, windows_1252};

/// A nation of invented schools and everything published about them.
pub struct Nation {
    schools: Vec<school::School>,
    by_urn: Vec<usize>,
    /// For each school the one it became.
    successors: Vec<Option<usize>>,
    trusts: Vec<String>,
    /// By the summer of the examinations.
    results: Vec<(i32, Vec<results::Row>)>,
    inspections: Vec<inspections::Inspected>,
    links: Vec<links::Link>,
    cover: Vec<cover::Cover>,
    truth: Truth,
}

/// A file of the nation could not be written.
#[derive(Debug, thiserror::Error)]
#[error("writing {}", path.display())]
pub struct NotWritten {
    pub path: PathBuf,
    pub source: io::Error,
}

impl Nation {
    /// The most secondary schools a nation can have: beyond it the six digits of a URN run out.
    pub const LARGEST: usize = 25_000;

    /// A nation in which `secondary_schools` state-funded mainstream secondary schools are open in September 2017, with
    /// the special, independent and closed schools that go with them.  (England has about 3,350.)  A number above
    /// [`Nation::LARGEST`] is taken as that.
    #[must_use]
    pub fn generate(seed: u64, secondary_schools: usize) -> Self {
        let secondaries = secondary_schools.min(Self::LARGEST);
        let careers = Careers::of_secondaries(seed, secondaries);
        let before_primaries = careers.schools.len();
        Self::of(seed, careers, before_primaries)
    }

    /// The same nation with its primary schools, five for each secondary school, in the register, the inspections and
    /// the links.  The performance tables are the same to the byte.
    #[must_use]
    pub fn with_primaries(seed: u64, secondary_schools: usize) -> Self {
        let secondaries = secondary_schools.min(Self::LARGEST);
        let mut careers = Careers::of_secondaries(seed, secondaries);
        let before_primaries = careers.schools.len();
        careers.and_primaries(seed, secondaries);
        Self::of(seed, careers, before_primaries)
    }

    /// A nation in which more happens between April 2018 and April 2020, and which also publishes the results of
    /// 2018/19: closures, mergers, splits and conversions of schools with SSAT cover, grades that fall and rise again,
    /// cover that ends and comes back.  Its [`Nation::issues`] tell it bit by bit.
    #[must_use]
    pub fn over_two_years(seed: u64, secondary_schools: usize) -> Self {
        let secondaries = secondary_schools.min(Self::LARGEST);
        let mut careers = Careers::of_secondaries(seed, secondaries);
        let mut covered: Vec<usize> =
            cover::all(seed, &careers.schools).iter().map(|cover| cover.school).collect();
        covered.sort_unstable();
        covered.dedup();
        careers.two_years(seed, &covered, secondaries);
        let before_primaries = careers.schools.len();
        let mut nation = Self::of(seed, careers, before_primaries);
        let schools = &nation.schools;
        nation.results.push((2019, results::year(seed, 2019, schools)));
        two_years::inspections(seed, schools, &mut nation.inspections);
        two_years::cover(seed, schools, &mut nation.cover);
        nation.truth = witness::tell(&nation);
        nation
    }

    fn of(seed: u64, careers: Careers, before_primaries: usize) -> Self {
        let Careers { mut schools, ground, .. } = careers;
        urns::deal_out(&mut schools, before_primaries);
        let mut by_urn: Vec<usize> = (0..schools.len()).collect();
        by_urn.sort_by_key(|index| schools[*index].urn);
        let mut successors = vec![None; schools.len()];
        for (index, school) in schools.iter().enumerate() {
            for descent in &school.descent {
                successors[descent.from] = Some(index);
            }
        }
        let mut nation = Self {
            results: [2016, 2017, 2018]
                .map(|summer| (summer, results::year(seed, summer, &schools)))
                .into(),
            inspections: inspections::history(seed, &schools, before_primaries),
            links: links::all(seed, &schools),
            cover: cover::all(seed, &schools),
            schools,
            by_urn,
            successors,
            trusts: ground.trusts,
            truth: Truth::default(),
        };
        nation.truth = witness::tell(&nation);
        nation
    }

    /// What was put in.
    #[must_use]
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// Every file, with the name it would be published under.
    #[must_use]
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let schools = &self.schools;
        let mut files = Vec::with_capacity(10);
        for layout in &LAYOUTS {
            for (_, rows) in self.results.iter().filter(|(summer, _)| *summer == layout.examined_in)
            {
                let text = layout.table(schools, &self.successors, rows);
                files.push((layout.file_name(), utf_8_with_mark(&text)));
            }
        }
        let ofsted = inspections::table(schools, self.inspections.iter());
        files.push(("ofsted_ratings.csv".to_owned(), ofsted.into_bytes()));
        let register = register::table(schools, &self.by_urn, &self.trusts, register_day());
        files.push(("edubasealldata20190131.csv".to_owned(), windows_1252(&register)));
        let links = links::table(schools, &self.links, register_day());
        files.push(("links_edubasealldata20190131.csv".to_owned(), windows_1252(&links)));
        let cover = cover::table(schools, &self.cover, &self.trusts);
        files.push(("ssat-cover.csv".to_owned(), cover.into_bytes()));
        files
    }

    /// Writes every file into a folder, which is made if it is not there, and says where each is.
    pub fn write_to(&self, dir: &Path) -> Result<Vec<PathBuf>, NotWritten> {
        let failed = |path: &Path, source| NotWritten { path: path.to_owned(), source };
        fs::create_dir_all(dir).map_err(|cause| failed(dir, cause))?;
        self.files()
            .into_iter()
            .map(|(name, bytes)| {
                let path = dir.join(name);
                fs::write(&path, bytes).map_err(|cause| failed(&path, cause))?;
                Ok(path)
            })
            .collect()
    }
}
