//! Ofsted's inspections: the history of full inspections by URN, and the management information.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, NaiveDate};
use kernel::{Grade, Outcome, Urn};
use schools::school::Inspection;

use crate::File;
use crate::cells::{A_DATE, A_URN, date, urn};
use crate::header::{Layout, optional, required};
use crate::reading::{Faults, Findings, Reading};
use crate::table::{Row, read};

/// One school, with all its inspections in the file, the oldest first.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OfstedRow {
    pub urn: Urn,
    pub inspections: Vec<Inspection>,
}

pub(crate) const OFSTED: Layout = Layout {
    what: "Ofsted inspections",
    columns: &[
        required(&["URN"]),
        required(&["Rating", "Overall effectiveness", "Latest OEIF overall effectiveness"]),
        required(&[
            "Inspection Date",
            "Inspection start date",
            "Inspection end date",
            "Inspection start date of latest OEIF graded inspection",
        ]),
        optional(&["Publication date", "Publication date of latest OEIF graded inspection"]),
        optional(&["URN at time of latest full inspection"]),
    ],
};

const URN: usize = 0;
const RATING: usize = 1;
const INSPECTED_ON: usize = 2;
const PUBLISHED_ON: usize = 3;
const URN_THEN: usize = 4;

const A_RATING: &str = "an overall grade: Outstanding, Good, Requires improvement, Satisfactory, Inadequate, Serious Weaknesses, Special Measures, or 1 to 4";

/// The year in which Ofsted was founded.
const FIRST_YEAR: i32 = 1992;

/// What stands for an overall grade: the grade, and the words, because two words can be one grade.
#[derive(Clone, Copy)]
enum Rating {
    Given(Grade, &'static str),
    None,
}

/// Reads inspections.  Of two ratings of one school and day the poorer counts, and the better is kept beside it.
///
/// # Errors
/// All that is wrong with the file.
pub fn ofsted(file: &File) -> Result<Reading<OfstedRow>, Faults> {
    let mut schools: BTreeMap<Urn, Vec<(Inspection, &'static str)>> = BTreeMap::new();
    let mut order: HashMap<Urn, usize> = HashMap::new();
    let told = read(file, &OFSTED, |row, findings| {
        let Some((urn, inspection, words)) = inspection(file, row, findings) else { return };
        let next = order.len();
        order.entry(urn).or_insert(next);
        unite(schools.entry(urn).or_default(), inspection, words, findings);
    })?;
    let mut rows: Vec<OfstedRow> = schools
        .into_iter()
        .map(|(urn, inspections)| {
            let mut inspections: Vec<_> = inspections.into_iter().map(|(one, _)| one).collect();
            inspections.sort_by_key(|inspection| inspection.inspected_on);
            OfstedRow { urn, inspections }
        })
        .collect();
    rows.sort_by_key(|row| order.get(&row.urn).copied());
    told.findings.conclude(&file.name, told.layout, rows)
}

fn inspection(
    file: &File,
    row: Row<'_>,
    findings: &mut Findings,
) -> Option<(Urn, Inspection, &'static str)> {
    let own = row.required(findings, URN, urn, A_URN);
    let rating = row.coded(findings, RATING, rating, A_RATING);
    if matches!(rating, Some(Rating::None)) {
        findings.pass_over(row.line, "no overall grade is given");
        return None;
    }
    let inspected_on = row.required(
        findings,
        INSPECTED_ON,
        inspection_day,
        &format!("{A_DATE}, not before {FIRST_YEAR}"),
    );
    let published_on = row
        .optional(findings, PUBLISHED_ON, |text| nothing_or(text, inspection_day), A_DATE)
        .flatten();
    // The latest full inspection may have been of the school that this one succeeded: then it is that school's.
    let then = row.optional(findings, URN_THEN, |text| nothing_or(text, urn), A_URN).flatten();
    let (urn, inspected_on) = (then.or(own)?, inspected_on?);
    if published_on.is_some_and(|published_on| published_on < inspected_on) {
        row.fault(
            findings,
            PUBLISHED_ON,
            &format!("a day on or after the inspection ({inspected_on})"),
        );
    }
    let Some(Rating::Given(grade, words)) = rating else { return None };
    let inspection = Inspection {
        inspected_on,
        published_on,
        outcome: Outcome::Overall(grade),
        also_printed: None,
        source: file.source(row.line),
    };
    Some((urn, inspection, words))
}

fn rating(text: &str) -> Option<Rating> {
    Some(match text.to_ascii_lowercase().as_str() {
        "outstanding" | "1" => Rating::Given(Grade::Outstanding, "Outstanding"),
        "good" | "2" => Rating::Given(Grade::Good, "Good"),
        "requires improvement" | "3" => {
            Rating::Given(Grade::RequiresImprovement, "Requires improvement")
        }
        "satisfactory" => Rating::Given(Grade::RequiresImprovement, "Satisfactory"),
        "inadequate" | "4" => Rating::Given(Grade::Inadequate, "Inadequate"),
        "serious weaknesses" => Rating::Given(Grade::Inadequate, "Serious Weaknesses"),
        "special measures" => Rating::Given(Grade::Inadequate, "Special Measures"),
        // Management information has these where there was no graded inspection, or no judgement (9).
        "" | "null" | "9" | "not judged" => Rating::None,
        _ => return None,
    })
}

fn inspection_day(text: &str) -> Option<NaiveDate> {
    date(text).filter(|day| day.year() >= FIRST_YEAR)
}

/// `NULL` is how management information prints nothing.
fn nothing_or<T>(text: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if text.eq_ignore_ascii_case("null") { Some(None) } else { parse(text).map(Some) }
}

/// Adds an inspection to those of its school, unless there is one of that day.
fn unite(
    known: &mut Vec<(Inspection, &'static str)>,
    new: Inspection,
    words: &'static str,
    findings: &mut Findings,
) {
    let Some((before, words_before)) =
        known.iter_mut().find(|(one, _)| one.inspected_on == new.inspected_on)
    else {
        known.push((new, words));
        return;
    };
    let line = new.source.line;
    if *words_before == words && before.published_on == new.published_on {
        return findings.repeat(line, before.source.line);
    }
    findings.counts.contradicting += 1;
    let (grade_before, grade) = (before.outcome.overall(), new.outcome.overall());
    let says = if *words_before == words {
        "another day of publication; the earlier line counts".to_owned()
    } else if grade_before == grade {
        format!("`{words}` where that has `{words_before}`, which is the same grade")
    } else {
        format!("`{words}` where that has `{words_before}`; the poorer counts")
    };
    findings.note(line, format!("the same school and day as line {}: {says}", before.source.line));
    // Grades are ordered best first.
    let better = grade_before.min(grade).filter(|_| grade_before != grade);
    let best = [better, before.also_printed, new.also_printed].into_iter().flatten().min();
    if grade > grade_before {
        (*before, *words_before) = (new, words);
    }
    before.also_printed = best;
}
