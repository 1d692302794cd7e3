//! What `ledge schools --json` prints of each school: the words, units and spellings of every other document, whatever
//! the tables of the read models look like inside.

use chrono::NaiveDate;
use kernel::{Grade, RecordType, Release, SchoolKind, Urn};
use projections::schools::{LaEstab, Phase, Register, Row};
use read_store::Page;
use serde::Serialize;

/// A part of a list of schools.
#[derive(Debug, Serialize)]
pub(super) struct Found<'a> {
    /// How many schools fit, those that are not in the list too.
    total: u64,
    schools: Vec<Sheet<'a>>,
}

/// A school as it is known now; `null`: no file said so yet.
#[derive(Debug, Serialize)]
struct Sheet<'a> {
    urn: Urn,
    name: Option<&'a str>,
    kind: Option<SchoolKind>,
    record_type: Option<RecordType>,
    phase: Option<Phase>,
    status: Option<Register>,
    opened_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
    laestab: Option<LaEstab>,
    /// Text, as every number that only names something.
    ukprn: Option<String>,
    local_authority: Option<&'a str>,
    town: Option<&'a str>,
    postcode: Option<&'a str>,
    /// WGS 84, in degrees.
    latitude: Option<f64>,
    longitude: Option<f64>,
    /// The overall grade of the newest graded inspection.
    grade: Option<Grade>,
    /// What that inspection came to, in words.
    outcome: Option<&'a str>,
    inspected_on: Option<NaiveDate>,
    grade_public_from: Option<NaiveDate>,
    /// The newest published, in points.
    progress8: Option<f64>,
    progress8_release: Option<Release>,
    /// The one school that came after it.
    successor: Option<Urn>,
    successors: u32,
}

impl<'a> Found<'a> {
    pub(super) fn of(page: &'a Page) -> Self {
        Self { total: page.total, schools: page.schools.iter().map(Sheet::of).collect() }
    }
}

impl<'a> Sheet<'a> {
    fn of(row: &'a Row) -> Self {
        Self {
            urn: row.urn,
            name: row.name.as_deref(),
            kind: row.kind,
            record_type: row.record_type,
            phase: row.phase,
            status: row.status,
            opened_on: row.opened_on,
            closed_on: row.closed_on,
            laestab: row.laestab,
            ukprn: row.ukprn.map(|number| number.to_string()),
            local_authority: row.local_authority.as_deref(),
            town: row.town.as_deref(),
            postcode: row.postcode.as_deref(),
            latitude: row.latitude,
            longitude: row.longitude,
            grade: row.grade,
            outcome: row.outcome.as_deref(),
            inspected_on: row.inspected_on,
            grade_public_from: row.grade_public_from,
            progress8: row.progress8.map(|score| f64::from(score.hundredths()) / 100.0),
            progress8_release: row.progress8_release,
            successor: row.successor,
            successors: row.successors,
        }
    }
}
