//! Schools and reviews to tell stories about.  For tests only.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Area, CardGrade, Cell, Grade, Outcome, Progress8, Release, Source, Threshold, Urn};

use crate::criteria::{Adoption, CriteriaFile};
use crate::facts::{Cover, InspectionFact, ResultsFact, SchoolFacts, YearFact};
use crate::finding::{Clause, Finding};
use crate::review::Basis;

/// The releases that a review of 2019-20 looks at, newest first.
pub(crate) const RELEASES: [&str; 3] = ["2017/18 final", "2016/17 final", "2015/16 final"];

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn release(text: &str) -> Release {
    text.parse().unwrap()
}

pub(crate) fn score(text: &str) -> Progress8 {
    text.parse().unwrap()
}

pub(crate) fn urn(number: u32) -> Urn {
    number.to_string().parse().unwrap()
}

pub(crate) fn source(file: &str, line: u64) -> Source {
    Source { file: file.into(), sha256: "0123456789ab".into(), line }
}

pub(crate) fn criteria_of_2018_19() -> Adoption {
    let file = include_str!("../../../deploy/criteria/2018-19.toml");
    toml::from_str::<CriteriaFile>(file).unwrap().into()
}

pub(crate) fn criteria_of_later_years() -> Adoption {
    let file = include_str!("../../../deploy/criteria/example-2026-27.toml");
    toml::from_str::<CriteriaFile>(file).unwrap().into()
}

/// The review of 2019-20 as at the last of February, under the criteria of 2018-19: the threshold is 0.27.
pub(crate) fn basis() -> Basis {
    Basis {
        year: "2019-20".parse().unwrap(),
        as_at: day("2019-02-28"),
        release: Some(release(RELEASES[0])),
        criteria: criteria_of_2018_19(),
        threshold: Some(threshold(RELEASES[0])),
    }
}

pub(crate) fn threshold(of: &str) -> Threshold {
    Threshold {
        release: release(of),
        percentile: 75,
        method: "linear interpolation between order statistics".into(),
        kinds: criteria_of_2018_19().terms.population.kinds,
        population: 3_150,
        value: 2_700,
        on_or_above: 805,
        tied: 21,
        significant: Some(951),
        public_from: release(of).year.final_public_from(),
        files: vec!["0123456789ab".into()],
    }
}

/// A mainstream school of which nothing is known: not inspected, no row in any release.
pub(crate) fn school() -> SchoolFacts {
    SchoolFacts {
        urn: urn(100_003),
        name: "Hill Top".into(),
        in_population: true,
        inspection: None,
        last_overall: None,
        ungraded_since: None,
        years: RELEASES.map(|of| YearFact { release: release(of), figures: None }).to_vec(),
        cover: Cover::Unknown,
    }
}

impl SchoolFacts {
    pub(crate) fn numbered(self, number: u32) -> Self {
        Self { urn: urn(number), ..self }
    }

    pub(crate) fn graded(self, grade: u8) -> Self {
        self.inspected(Outcome::Overall(Grade::try_from(grade).unwrap()))
    }

    pub(crate) fn inspected(self, outcome: Outcome) -> Self {
        Self { inspection: Some(inspection(outcome, "2016-05-03", Some("2016-05-20"))), ..self }
    }

    pub(crate) fn carried_from(mut self, predecessor: u32) -> Self {
        if let Some(inspection) = &mut self.inspection {
            inspection.carried_from = Some(urn(predecessor));
        }
        self
    }

    /// Progress 8 and its lower limit, newest year first, as a file prints them; `-` is a column the file lacks.
    pub(crate) fn results<const N: usize>(mut self, years: [(&str, &str); N]) -> Self {
        for (year, (progress8, lower)) in self.years.iter_mut().zip(years) {
            year.figures = Some(ResultsFact {
                progress8: cell(progress8),
                lower: cell(lower),
                public_from: year.release.year.final_public_from(),
                source: source("england_ks4final.csv", 7),
            });
        }
        self
    }
}

pub(crate) fn inspection(outcome: Outcome, on: &str, published: Option<&str>) -> InspectionFact {
    InspectionFact {
        outcome,
        inspected_on: day(on),
        published_on: published.map(day),
        carried_from: None,
        source: source("Management_information.csv", 12),
    }
}

pub(crate) fn report_card(areas: &[(Area, CardGrade)]) -> Outcome {
    Outcome::ReportCard(BTreeMap::from_iter(areas.iter().copied()))
}

pub(crate) fn by_area(areas: &[(Area, Grade)]) -> Outcome {
    Outcome::Areas(BTreeMap::from_iter(areas.iter().copied()))
}

fn cell(text: &str) -> Option<Cell<Progress8>> {
    match (text, text.parse(), text.parse()) {
        ("-", ..) => None,
        (_, Ok(value), _) => Some(Cell::Published(value)),
        (_, _, Ok(code)) => Some(Cell::Withheld(code)),
        _ => panic!("neither a score nor a code: {text}"),
    }
}

impl Finding {
    /// The clauses that serve a rule.
    pub(crate) fn serving(&self, rule: &str) -> Vec<&Clause> {
        self.clauses.iter().filter(|clause| clause.rule == rule).collect()
    }
}
