//! Ofsted's inspections: the history of full inspections by URN, and the management information of all years, in which
//! one line may hold a graded inspection, a report card and an ungraded inspection.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use kernel::{Outcome, Urn};
use schools::school::Inspection;

use crate::File;
use crate::cells::{A_URN, date, urn};
use crate::header::{Layout, optional, required};
use crate::reading::{Faults, Findings, Reading};
use crate::table::{Row, read};

mod outcome;
mod unite;

use unite::{Found, unite};

/// One school, with all its inspections in the file, the oldest first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OfstedRow {
    pub urn: Urn,
    pub inspections: Vec<Inspection>,
}

/// Names that begin with `Latest OEIF` are of the files since November 2025.  There the plain names are of the report
/// card, so the long ones come first.
pub(crate) const OFSTED: Layout = Layout {
    what: "Ofsted inspections",
    columns: &[
        required(&["URN"]),
        required(&["Rating", "Overall effectiveness", "Latest OEIF overall effectiveness"]),
        required(&[
            "Inspection start date of latest OEIF graded inspection",
            "Inspection Date",
            "Inspection start date",
            "Inspection end date",
        ]),
        optional(&["Publication date of latest OEIF graded inspection", "Publication date"]),
        optional(&[
            "URN at time of latest OEIF graded inspection",
            "URN at time of latest full inspection",
        ]),
        optional(&["Latest OEIF quality of education", "Quality of education"]),
        optional(&["Latest OEIF behaviour and attitudes", "Behaviour and attitudes"]),
        optional(&["Latest OEIF personal development", "Personal development"]),
        optional(&[
            "Latest OEIF effectiveness of leadership and management",
            "Effectiveness of leadership and management",
        ]),
        optional(&[
            "Latest OEIF early years provision (where applicable)",
            "Early years provision (where applicable)",
        ]),
        optional(&[
            "Latest OEIF sixth form provision (where applicable)",
            "Sixth form provision (where applicable)",
        ]),
        optional(&["Inspection start date"]),
        optional(&["Publication date"]),
        optional(&["URN at time of latest full inspection"]),
        optional(&["Inclusion"]),
        optional(&["Curriculum and teaching"]),
        optional(&["Achievement"]),
        optional(&["Attendance and behaviour"]),
        optional(&["Personal development and wellbeing"]),
        optional(&["Leadership and governance"]),
        optional(&["Early years (where applicable)"]),
        optional(&["Post-16 provision (where applicable)"]),
        optional(&["Ungraded inspection overall outcome"]),
        optional(&["Date of latest ungraded inspection"]),
        optional(&["Ungraded inspection publication date"]),
        optional(&["URN at time of the ungraded inspection"]),
    ],
};

const URN: usize = 0;
const RATING: usize = 1;
/// Which columns of a line are about the same inspection.
const GRADED: About = About { inspected_on: 2, published_on: 3, urn: 4 };
const CARD: About = About { inspected_on: 11, published_on: 12, urn: 13 };
const UNGRADED: About = About { inspected_on: 23, published_on: 24, urn: 25 };
const UNGRADED_OUTCOME: usize = 22;

struct About {
    inspected_on: usize,
    published_on: usize,
    /// The school it was of, where that was another: the one that this school succeeded.
    urn: usize,
}

/// The year in which Ofsted was founded.
const FIRST_YEAR: i32 = 1992;
const AN_INSPECTION_DAY: &str = "a day (05/12/2017, 05-12-2017, 20171205 or 2017-12-05), not before 1992, when Ofsted was founded";

/// Reads inspections.  Of two ratings of one school and day the poorer counts, and the better is kept beside it.
///
/// # Errors
/// All that is wrong with the file.
pub fn ofsted(file: &File) -> Result<Reading<OfstedRow>, Faults> {
    let mut rows: Vec<(Urn, Vec<Found>)> = vec![];
    let mut places: HashMap<Urn, usize> = HashMap::new();
    let told = read(file, &OFSTED, |row, findings| {
        check_pairing(row, findings);
        let own = row.required(findings, URN, urn, A_URN);
        let graded = outcome::graded(row, findings);
        let card = outcome::card(row, findings);
        let ungraded = row.filled(UNGRADED_OUTCOME).filter(|text| !is_nothing(text));
        let ungraded =
            ungraded.map(|words| (Outcome::Ungraded(words.to_owned()), "an ungraded inspection"));
        let outcomes = [(GRADED, graded), (CARD, card), (UNGRADED, ungraded)];
        if outcomes.iter().all(|(_, outcome)| outcome.is_none()) {
            return findings.pass_over(row.line, "no inspection with an outcome is given");
        }
        for (about, outcome) in outcomes {
            let Some((outcome, words)) = outcome else { continue };
            let Some((urn, inspected_on, published_on)) = when(row, findings, &about, own) else {
                continue;
            };
            let source = file.source(row.line);
            let inspection =
                Inspection { inspected_on, published_on, outcome, also_printed: None, source };
            let place = *places.entry(urn).or_insert(rows.len());
            if place == rows.len() {
                rows.push((urn, vec![]));
            }
            if let Some((_, known)) = rows.get_mut(place) {
                unite(known, Found { inspection, words }, findings);
            }
        }
    })?;
    let rows = rows
        .into_iter()
        .map(|(urn, found)| {
            let mut inspections: Vec<_> = found.into_iter().map(|found| found.inspection).collect();
            inspections.sort_by_key(|inspection| inspection.inspected_on);
            OfstedRow { urn, inspections }
        })
        .collect();
    told.findings.conclude(&file.name, told.layout, rows)
}

/// Since November 2025 the plain day is the report card's: without its own day an old grade has none.
fn check_pairing(row: Row<'_>, findings: &mut Findings) {
    let is_old = |column| row.name(column).to_ascii_lowercase().contains("oeif");
    if findings.counts.read == 1 && is_old(RATING) && !is_old(GRADED.inspected_on) {
        let expected = "the day of the inspection that gave the latest OEIF grade: the header has no column \
                        `Inspection start date of latest OEIF graded inspection`";
        row.fault(findings, GRADED.inspected_on, expected);
    }
}

/// Of which school, when, and when published.
fn when(
    row: Row<'_>,
    findings: &mut Findings,
    about: &About,
    own: Option<Urn>,
) -> Option<(Urn, NaiveDate, Option<NaiveDate>)> {
    let inspected_on =
        row.required(findings, about.inspected_on, inspection_day, AN_INSPECTION_DAY);
    let day_or_nothing = |text: &str| nothing_or(text, inspection_day);
    let published_on =
        row.optional(findings, about.published_on, day_or_nothing, AN_INSPECTION_DAY).flatten();
    let then = row.optional(findings, about.urn, |text| nothing_or(text, urn), A_URN).flatten();
    let (urn, inspected_on) = (then.or(own)?, inspected_on?);
    if published_on.is_some_and(|published_on| published_on < inspected_on) {
        let expected = format!("a day on or after the inspection ({inspected_on})");
        row.fault(findings, about.published_on, &expected);
    }
    Some((urn, inspected_on, published_on))
}

fn inspection_day(text: &str) -> Option<NaiveDate> {
    date(text).filter(|day| day.year() >= FIRST_YEAR)
}

fn nothing_or<T>(text: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if is_nothing(text) { Some(None) } else { parse(text).map(Some) }
}

/// `NULL` is how management information prints nothing.
fn is_nothing(text: &str) -> bool {
    text.is_empty() || text.eq_ignore_ascii_case("null")
}
