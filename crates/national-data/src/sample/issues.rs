//! The nation's files as they were published, one after the other, each with no more than was known on its day.

use chrono::NaiveDate;
use kernel::{Release, Standing};

use super::ks4::{LATER_LAYOUTS, LAYOUTS, Layout};
use super::school::day;
use super::table::{utf_8_with_mark, windows_1252};
use super::{Nation, cover, inspections, links, register};

/// A file, and the day on which it came out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Issue {
    pub on: NaiveDate,
    /// The name it was published under.
    pub name: String,
    pub kind: Kind,
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    Ks4(Release),
    /// All inspections made public after a day, up to the issue's own; `None`: all that ever were.
    Ofsted {
        after: Option<NaiveDate>,
    },
    Register,
    Links,
    Cover,
}

/// The day from which issues are dated; what is older is in those of this day.
const FIRST: (i32, u32, u32) = (2018, 2, 1);

/// When the register and its links are taken down, in spring and in autumn.
const REGISTERS: [(i32, u32, u32); 7] =
    [FIRST, (2018, 4, 20), (2018, 10, 5), (2019, 2, 4), (2019, 10, 4), (2020, 2, 3), (2020, 4, 17)];

/// When the list of SSAT's members comes.
const COVERS: [(i32, u32, u32); 7] = [
    (2018, 2, 5),
    (2018, 9, 20),
    (2019, 2, 5),
    (2019, 4, 24),
    (2019, 9, 20),
    (2020, 2, 5),
    (2020, 4, 24),
];

impl Nation {
    /// Everything that is published up to 30 April 2020, oldest first.
    #[must_use]
    pub fn issues(&self) -> Vec<Issue> {
        let date = |(year, month, of_month): (i32, u32, u32)| day(year, month, of_month);
        let first = date(FIRST);
        let mut issues = vec![];
        for layout in LAYOUTS.iter().chain(&LATER_LAYOUTS) {
            if self.results.iter().any(|(summer, _)| *summer == layout.examined_in) {
                let release = layout.release();
                let on = match release.standing {
                    Standing::Provisional => release.year.provisional_public_from(),
                    Standing::Revised | Standing::Final => release.year.final_public_from(),
                };
                let kind = Kind::Ks4(release);
                issues.push(Issue { on: on.max(first), name: layout.file_name(), kind });
            }
        }
        for on in REGISTERS.map(date) {
            let stamp = on.format("%Y%m%d");
            let name = format!("edubasealldata{stamp}.csv");
            issues.push(Issue { on, name, kind: Kind::Register });
            let name = format!("links_edubasealldata{stamp}.csv");
            issues.push(Issue { on, name, kind: Kind::Links });
        }
        let name = "ofsted_ratings.csv".to_owned();
        issues.push(Issue { on: first, name, kind: Kind::Ofsted { after: None } });
        let mut before = first;
        for month in 2..=27 {
            let on = day(2018 + month / 12, (month % 12).unsigned_abs() + 1, 12);
            let name = format!("ofsted_inspections_{}.csv", on.format("%Y%m%d"));
            issues.push(Issue { on, name, kind: Kind::Ofsted { after: Some(before) } });
            before = on;
        }
        for on in COVERS.map(date) {
            let name = format!("ssat-cover-{on}.csv");
            issues.push(Issue { on, name, kind: Kind::Cover });
        }
        issues.retain(|issue| match issue.kind {
            Kind::Ofsted { after } => self.public(after, issue.on).next().is_some(),
            Kind::Ks4(_) | Kind::Register | Kind::Links | Kind::Cover => true,
        });
        issues.sort_by_key(|issue| issue.on);
        issues
    }

    /// The bytes of an issue.
    #[must_use]
    pub fn bytes_of(&self, issue: &Issue) -> Vec<u8> {
        match issue.kind {
            Kind::Ks4(release) => self.table_of(release),
            Kind::Ofsted { after: None } => {
                inspections::table(&self.schools, self.public(None, issue.on)).into_bytes()
            }
            Kind::Ofsted { after } => {
                inspections::month(&self.schools, self.public(after, issue.on), issue.on)
                    .into_bytes()
            }
            Kind::Register => {
                windows_1252(&register::table(&self.schools, &self.by_urn, &self.trusts, issue.on))
            }
            Kind::Links => windows_1252(&links::table(&self.schools, &self.links, issue.on)),
            Kind::Cover => {
                cover::list(&self.schools, &self.cover, &self.trusts, issue.on).into_bytes()
            }
        }
    }

    fn table_of(&self, release: Release) -> Vec<u8> {
        let of_release = |layout: &&Layout| layout.release() == release;
        let layout = LAYOUTS.iter().chain(&LATER_LAYOUTS).find(of_release);
        let text = layout.and_then(|layout| {
            let (_, rows) =
                self.results.iter().find(|(summer, _)| *summer == layout.examined_in)?;
            Some(layout.table(&self.schools, &self.successors, rows))
        });
        utf_8_with_mark(&text.unwrap_or_default())
    }

    fn public(
        &self,
        after: Option<NaiveDate>,
        until: NaiveDate,
    ) -> impl Iterator<Item = &inspections::Inspected> {
        self.inspections.iter().filter(move |line| {
            let published_on = line.published_on();
            published_on <= until && after.is_none_or(|after| published_on > after)
        })
    }
}
