//! DfE's key stage 4 performance tables: the originals, and subsets of them that others published.

use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::{AcademicYear, RecordType, Release, Urn};
use schools::{Details, Figures, LaEstab, Register, Results};

use crate::cells::{A_COUNT, A_SCORE, A_URN, count, number, score, urn};
use crate::header::{Layout, optional, required};
use crate::reading::{Faults, Findings, Reading};
use crate::table::{Row, admit, read};
use crate::{File, kinds};

/// One school of the tables.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ks4Row {
    pub urn: Urn,
    pub details: Details,
    pub results: Results,
}

pub(crate) const KS4: Layout = Layout {
    what: "KS4 performance tables",
    columns: &[
        required(&["URN"]),
        required(&["P8MEA", "Progress 8"]),
        optional(&["P8CILOW"]),
        optional(&["P8CIUPP"]),
        optional(&["TPUP", "KS4 Pupils"]),
        optional(&["RECTYPE"]),
        optional(&["NFTYPE"]),
        optional(&["LEA"]),
        optional(&["ESTAB"]),
        optional(&["SCHNAME"]),
        optional(&["TOWN"]),
        optional(&["PCODE"]),
        optional(&["ICLOSE"]),
        optional(&["Academic Year"]),
    ],
};

const URN: usize = 0;
const P8MEA: usize = 1;
const P8CILOW: usize = 2;
const P8CIUPP: usize = 3;
const TPUP: usize = 4;
const RECTYPE: usize = 5;
const NFTYPE: usize = 6;
const LEA: usize = 7;
const ESTAB: usize = 8;
const SCHNAME: usize = 9;
const TOWN: usize = 10;
const PCODE: usize = 11;
const ICLOSE: usize = 12;
const ACADEMIC_YEAR: usize = 13;

/// What a row is about: a school, or a total.
enum Subject {
    School(Option<RecordType>),
    Total(&'static str),
}

/// Reads one release of the performance tables.  The file does not say which release it is; where it says which year,
/// it must be that of `release`.
///
/// # Errors
/// All that is wrong with the file.
pub fn ks4(
    file: &File,
    release: Release,
    public_from: NaiveDate,
) -> Result<Reading<Ks4Row>, Faults> {
    let mut rows: Vec<Ks4Row> = vec![];
    let mut first = HashMap::new();
    let mut wrong_years = vec![];
    let told = read(file, &KS4, |row, findings| {
        check_year(row, release.year, &mut wrong_years, findings);
        let Some(subject) = row
            .coded(findings, RECTYPE, subject, A_RECTYPE)
            .or_else(|| row.cell(RECTYPE).is_none().then_some(Subject::School(None)))
        else {
            return;
        };
        let record_type = match subject {
            Subject::School(record_type) => record_type,
            Subject::Total(kind) => return findings.pass_over(row.line, kind),
        };
        let urn = row.required(findings, URN, urn, A_URN);
        let results = Results {
            release,
            figures: figures(row, findings),
            kind: row.optional(findings, NFTYPE, kinds::from_code, kinds::A_CODE),
            record_type,
            public_from,
            source: file.source(row.line),
        };
        let details = Details {
            name: row.text(SCHNAME),
            laestab: laestab(row, findings, LEA, ESTAB),
            kind: results.kind,
            record_type,
            status: row.optional(
                findings,
                ICLOSE,
                status,
                "0 (open) or 1 (closed), as ICLOSE of the performance tables",
            ),
            street: None,
            town: row.text(TOWN),
            postcode: row.text(PCODE),
            ..Details::default()
        };
        let Some(urn) = urn else { return };
        let value = Ks4Row { urn, details, results };
        admit(&mut rows, &mut first, row, (urn, URN), value, same_school, findings);
    })?;
    told.findings.conclude(&file.name, told.layout, rows)
}

const A_RECTYPE: &str =
    "a RECTYPE: 1 (mainstream school), 2 (special school), 4 (local authority), 5 or 7 (national)";

fn subject(text: &str) -> Option<Subject> {
    Some(match number(text)? {
        1 => Subject::School(Some(RecordType::Mainstream)),
        2 => Subject::School(Some(RecordType::Special)),
        4 => Subject::Total("RECTYPE 4, totals of local authorities"),
        5 => Subject::Total("RECTYPE 5, the total of all schools"),
        7 => Subject::Total("RECTYPE 7, the total of state-funded schools"),
        _ => return None,
    })
}

fn figures(row: Row<'_>, findings: &mut Findings) -> Figures {
    Figures {
        progress8: row.coded(findings, P8MEA, score, A_SCORE),
        lower: row.coded(findings, P8CILOW, score, A_SCORE),
        upper: row.coded(findings, P8CIUPP, score, A_SCORE),
        pupils: row.coded(findings, TPUP, count, A_COUNT),
    }
}

/// The local authority's number and the school's, where the row has both.
pub(crate) fn laestab(
    row: Row<'_>,
    findings: &mut Findings,
    la: usize,
    estab: usize,
) -> Option<LaEstab> {
    let part = |text: &str| number(text).and_then(|number| u16::try_from(number).ok());
    let la_number = row.optional(findings, la, part, "a local authority's number: three digits")?;
    let estab_number =
        row.optional(findings, estab, part, "an establishment number: four digits")?;
    // The register prints 0 where there is no local authority.
    if la_number == 0 {
        return None;
    }
    match LaEstab::new(la_number, estab_number) {
        Ok(laestab) => Some(laestab),
        Err(_) => {
            let wrong = if (100..=999).contains(&la_number) { estab } else { la };
            row.fault(
                findings,
                wrong,
                "part of a LAESTAB: three digits of the local authority, four of the school",
            );
            None
        }
    }
}

/// ICLOSE of the performance tables.  (The register's column of the same name counts otherwise.)
fn status(text: &str) -> Option<Register> {
    match number(text)? {
        0 => Some(Register::Open),
        1 => Some(Register::Closed),
        _ => None,
    }
}

/// A column `Academic Year` has the summer of the examinations, `2018`, or both years.  A wrong one is told once.
fn check_year(row: Row<'_>, year: AcademicYear, wrong: &mut Vec<String>, findings: &mut Findings) {
    let Some(text) = row.filled(ACADEMIC_YEAR) else { return };
    // In a file of results `2017-2018` can only be a school year; where people name years, a dash is a Leading Edge year.
    let says = text.replace('-', "/").parse().ok().or_else(|| {
        number(text).and_then(|year| i32::try_from(year).ok()).map(AcademicYear::ending)
    });
    if says != Some(year) && !wrong.iter().any(|known| known == text) {
        wrong.push(text.to_owned());
        let expected = format!(
            "{year}, the year that the release was said to be of (written {} here)",
            year.examined_in()
        );
        row.fault(findings, ACADEMIC_YEAR, &expected);
    }
}

fn same_school(one: &Ks4Row, other: &Ks4Row) -> bool {
    one.details == other.details && one.results.figures == other.results.figures
}
