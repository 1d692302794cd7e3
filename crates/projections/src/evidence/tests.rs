//! Evidence, from events: what is told of a school on a day, and what must not be.

mod half_read;
mod inspections;
mod laws;
mod register;
mod results;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Cell, Grade, Progress8, RecordType, SchoolKind, Urn};
use membership::SchoolFacts;
use schools::national_data::{Begun, Dataset, Event as NationalData, Import, Rows};
use schools::school::{Event as School, Inspection, Predecessor, Succession};
use schools::{Figures, Results};

use super::{Evidence, Question};
use crate::collected::Collected;
use crate::{Event, Recorded};

const A: &str = "100003";
const B: &str = "100049";
const C: &str = "100050";

/// A history, told one event a line; each is recorded a day after the one before.
#[derive(Default)]
struct Story {
    history: Vec<Recorded>,
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn urn(text: &str) -> Urn {
    text.parse().unwrap()
}

fn source(line: u64) -> kernel::Source {
    kernel::Source { file: "a.csv".into(), sha256: "0123456789ab".into(), line }
}

fn scored(hundredths: i32) -> Figures {
    Figures {
        progress8: Some(Cell::Published(Progress8::from_hundredths(hundredths))),
        lower: Some(Cell::Published(Progress8::from_hundredths(hundredths - 20))),
        ..Figures::default()
    }
}

fn results(release: &str, figures: Figures, public_from: &str) -> Results {
    Results {
        release: release.parse().unwrap(),
        figures,
        kind: Some(SchoolKind::ACC),
        record_type: Some(RecordType::Mainstream),
        public_from: day(public_from),
        source: source(7),
    }
}

fn inspection(inspected_on: &str, published_on: Option<&str>, grade: Grade) -> Inspection {
    Inspection {
        inspected_on: day(inspected_on),
        published_on: published_on.map(day),
        outcome: kernel::Outcome::Overall(grade),
        also_printed: None,
        source: source(9),
    }
}

fn import(release: &str, public_from: &str) -> Import {
    Import {
        dataset: Dataset::Ks4,
        release: Some(release.parse().unwrap()),
        file: "final.csv".into(),
        sha256: "ffffffffffff".repeat(5) + "0000",
        layout: "ks4".into(),
        public_from: Some(day(public_from)),
        rows: Rows::default(),
        confirmed: vec![],
    }
}

fn came_from(before: &str, established_on: Option<&str>) -> School {
    School::SchoolConverted(Predecessor {
        urn: urn(before),
        succession: Succession::Converted,
        established_on: established_on.map(day),
        source: source(11),
    })
}

impl Story {
    fn then(mut self, school: &str, event: School) -> Self {
        self.add(Event::School(urn(school), event));
        self
    }

    fn imported(mut self, release: &str, public_from: &str, confirmed: &[(&str, u64)]) -> Self {
        let confirmed = confirmed.iter().map(|(school, line)| (urn(school), *line)).collect();
        self.add(Event::NationalData(
            release.into(),
            NationalData::DatasetImported(Import { confirmed, ..import(release, public_from) }),
        ));
        self
    }

    /// The file of [`Story::imported`] is begun to be read.
    fn begun(mut self, release: &str, public_from: &str) -> Self {
        let Import { dataset, release: of, file, sha256, public_from, .. } =
            import(release, public_from);
        self.add(Event::NationalData(
            release.into(),
            NationalData::ImportBegun(Begun { dataset, release: of, file, sha256, public_from }),
        ));
        self
    }

    fn add(&mut self, event: Event) {
        let position = self.history.len() as u64 + 1;
        let recorded_at = recorded_on(position);
        self.history.push(Recorded {
            position,
            version: 1,
            recorded_at,
            effective_on: recorded_at.date_naive(),
            actor: "test".into(),
            event,
        });
    }

    fn evidence(&self, as_at: &str) -> Evidence {
        Collected::of(&self.history).evidence(day(as_at), None)
    }

    fn facts(&self, release: &str, as_at: &str) -> Vec<SchoolFacts> {
        self.evidence(as_at).facts(&question(Some(release), as_at))
    }

    /// Of school A, reviewed on 2017/18 final.
    fn of_a(&self, as_at: &str) -> SchoolFacts {
        let facts = self.facts("2017/18 final", as_at);
        facts.into_iter().find(|facts| facts.urn == urn(A)).unwrap()
    }

    fn grade_of_a(&self, as_at: &str) -> Option<(Grade, Option<Urn>)> {
        let fact = self.of_a(as_at).inspection?;
        Some((fact.outcome.overall()?, fact.carried_from))
    }
}

fn recorded_on(position: u64) -> DateTime<Utc> {
    day("2026-01-01").and_hms_opt(0, 0, 0).unwrap().and_utc() + chrono::Days::new(position)
}

fn question(release: Option<&str>, as_at: &str) -> Question {
    Question {
        year: "2019-20".parse().unwrap(),
        as_at: day(as_at),
        release: release.map(|release| release.parse().unwrap()),
        population: release.map(|release| release.parse().unwrap()),
        published_years: 3,
        kinds: SchoolKind::STATE_FUNDED_MAINSTREAM.to_vec(),
    }
}

/// School A with results in 2017/18 final, public from 31 January 2019.
fn reviewed() -> Story {
    Story::default()
        .then(A, School::ResultsPublished(results("2017/18 final", scored(31), "2019-01-31")))
}
