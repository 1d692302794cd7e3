//! Three years of results beside the nation's.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::NaiveDate;
use kernel::{Cell, LeadingEdgeYear, Progress8, Release, Urn};
use membership::facts::YearFact;
use projections::{Evidence, results};
use serde::Serialize;

use crate::review::{Ground, percentile};

/// A school's results in one release, in points, beside the nation's.
#[derive(Clone, Debug, Serialize)]
pub struct YearOfResults {
    pub release: Release,
    /// `null`: none was published; `withheld` says why.
    pub progress8: Option<f64>,
    /// The 95% confidence limits.
    pub lower: Option<f64>,
    pub upper: Option<f64>,
    /// Why there is no score: the code's meaning, or that the release has no row or no column for it.
    pub withheld: Option<String>,
    pub pupils: Option<u32>,
    pub source: Option<String>,
    pub public_from: Option<NaiveDate>,
    /// `null`: the release has no scores of such schools.
    pub nation: Option<Spread>,
}

/// How the population of the criteria lies in one release, in points (D3).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Spread {
    /// The percentile that the criteria invite by, and its value.
    pub percentile: u8,
    pub threshold: f64,
    pub p10: f64,
    pub p25: f64,
    pub median: f64,
    pub p75: f64,
    pub p90: f64,
    /// Schools with a score.
    pub schools: u32,
}

/// Where the criteria name no percentile, the one by which the network always asked (R3).
const USUAL_PERCENTILE: u8 = 75;

/// The national record as at a day, under one year's criteria.
pub(super) struct Nation<'e> {
    evidence: &'e Evidence,
    ground: Ground,
    /// Of the releases looked at so far: a meeting looks at the same for every school.
    spreads: RefCell<BTreeMap<Release, Option<Spread>>>,
}

impl<'e> Nation<'e> {
    pub(super) fn of(evidence: &'e Evidence, ground: Ground) -> Self {
        Self { evidence, ground, spreads: RefCell::default() }
    }

    pub(super) fn as_at(&self) -> NaiveDate {
        self.ground.basis.as_at
    }

    /// The year whose criteria are in force.
    pub(super) fn criteria(&self) -> LeadingEdgeYear {
        self.ground.basis.criteria.year
    }

    /// The last published years of a school, newest first.
    pub(super) fn results(&self, urn: Urn, versions: &[results::Row]) -> Vec<YearOfResults> {
        let facts = self.evidence.facts_of(urn, &self.ground.question);
        let years = facts.map_or(vec![], |facts| facts.years);
        years.iter().map(|year| self.year(year, versions)).collect()
    }

    fn year(&self, year: &YearFact, versions: &[results::Row]) -> YearOfResults {
        let nation = *self
            .spreads
            .borrow_mut()
            .entry(year.release)
            .or_insert_with(|| self.spread(year.release));
        let Some(figures) = &year.figures else {
            let withheld = Some("no row for this school".to_owned());
            return YearOfResults { withheld, nation, ..YearOfResults::without(year.release) };
        };
        // The same row of the same file has what a review does not ask for.
        let row = versions
            .iter()
            .rev()
            .find(|row| row.release() == year.release && row.source() == figures.source);
        let withheld = match figures.progress8 {
            Some(Cell::Published(_)) => None,
            Some(Cell::Withheld(why)) => Some(why.meaning().to_owned()),
            None => Some("the file has no Progress 8".to_owned()),
        };
        let published = |cell: Option<Cell<Progress8>>| cell.and_then(Cell::published).map(points);
        YearOfResults {
            progress8: published(figures.progress8),
            lower: published(figures.lower),
            upper: row.and_then(|row| row.upper).map(points),
            withheld,
            pupils: row.and_then(|row| row.pupils),
            source: Some(figures.source.to_string()),
            public_from: Some(figures.public_from),
            nation,
            ..YearOfResults::without(year.release)
        }
    }

    fn spread(&self, release: Release) -> Option<Spread> {
        let criteria = &self.ground.basis.criteria.terms;
        let at = |percentile: u8| {
            let threshold =
                self.evidence.threshold(release, percentile, &criteria.population.kinds)?;
            Some((f64::from(threshold.value) / 10_000.0, threshold.population))
        };
        let percentile = percentile(criteria).unwrap_or(USUAL_PERCENTILE);
        let (threshold, schools) = at(percentile)?;
        let value = |percentile| at(percentile).map(|(value, _)| value);
        Some(Spread {
            percentile,
            threshold,
            p10: value(10)?,
            p25: value(25)?,
            median: value(50)?,
            p75: value(75)?,
            p90: value(90)?,
            schools,
        })
    }
}

impl YearOfResults {
    fn without(release: Release) -> Self {
        Self {
            release,
            progress8: None,
            lower: None,
            upper: None,
            withheld: None,
            pupils: None,
            source: None,
            public_from: None,
            nation: None,
        }
    }
}

fn points(score: Progress8) -> f64 {
    f64::from(score.hundredths()) / 100.0
}
