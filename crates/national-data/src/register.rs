//! The register of schools: DfE's school register that goes with the tables ("spine"), the download of Get Information
//! about Schools (GIAS), and lists of names or of coordinates alone.

use std::collections::HashMap;

use chrono::NaiveDate;
use kernel::{Source, Urn};
use schools::details::Location;
use schools::{Details, Phase, Register};

use crate::cells::{A_DATE, A_URN, date, number, urn};
use crate::header::{Layout, optional, required};
use crate::kinds::bare;
use crate::ks4::laestab;
use crate::reading::{Faults, Findings, Reading};
use crate::table::{Row, admit, read};
use crate::{File, grid, kinds};

/// What one line says of one school.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RegisterRow {
    pub urn: Urn,
    pub details: Details,
    pub source: Source,
}

pub(crate) const REGISTER: Layout = Layout {
    what: "the register of schools",
    columns: &[
        required(&["URN"]),
        required(&["SCHNAME", "EstablishmentName"]),
        required(&["NFTYPE", "TypeOfEstablishment (name)"]),
        required(&["ICLOSE", "EstablishmentStatus (name)"]),
        required(&["CLOSEDATE", "CloseDate"]),
        optional(&["OPENDATE", "OpenDate"]),
        optional(&["LA", "LA (code)"]),
        optional(&["ESTAB", "EstablishmentNumber"]),
        optional(&["LA (name)"]),
        optional(&["TOWN", "Town"]),
        optional(&["POSTCODE", "Postcode"]),
        optional(&["UKPRN"]),
        optional(&["PhaseOfEducation (name)"]),
        optional(&["ISPRIMARY"]),
        optional(&["ISSECONDARY"]),
        optional(&["ISPOST16"]),
        optional(&["AGEL"]),
        optional(&["AGEH"]),
        optional(&["Easting"]),
        optional(&["Northing"]),
        optional(&["STREET", "Street"]),
        optional(&["LOCALITY", "Locality"]),
        optional(&["ADDRESS3", "Address3"]),
    ],
};

pub(crate) const NAMES: Layout = Layout {
    what: "names of schools",
    columns: &[required(&["URN"]), required(&["EstablishmentName", "SCHNAME"])],
};

pub(crate) const LOCATIONS: Layout = Layout {
    what: "coordinates of schools",
    columns: &[required(&["URN"]), required(&["LATITUDE"]), required(&["LONGITUDE"])],
};

const URN: usize = 0;
const NAME: usize = 1;
const KIND: usize = 2;
const STATUS: usize = 3;
const CLOSED: usize = 4;
const OPENED: usize = 5;
const LA: usize = 6;
const ESTAB: usize = 7;
const LA_NAME: usize = 8;
const TOWN: usize = 9;
const POSTCODE: usize = 10;
const UKPRN: usize = 11;
const PHASE: usize = 12;
const IS_PRIMARY: usize = 13;
const IS_SECONDARY: usize = 14;
const IS_POST_16: usize = 15;
const AGE_FROM: usize = 16;
const AGE_TO: usize = 17;
const EASTING: usize = 18;
const NORTHING: usize = 19;
const STREET: usize = 20;
const LOCALITY: usize = 21;
const ADDRESS_3: usize = 22;
const LATITUDE: usize = 1;
const LONGITUDE: usize = 2;

const A_STATUS: &str = "a status: Open, Closed, `Open, but proposed to close` or Proposed to open, or as ICLOSE of the school register 1 (open), 2 (closed) or 3 (proposed to close)";
const A_PHASE: &str = "a phase of education, such as Primary, Secondary or All-through";
const A_FLAG: &str = "0 or 1";
const AN_AGE: &str = "an age in whole years";
const METRES: &str = "metres on the National Grid";

/// Reads a register.  `public_from` is the day from which the file was public: what it says of later days is told.
///
/// # Errors
/// All that is wrong with the file.
pub fn register(file: &File, public_from: NaiveDate) -> Result<Reading<RegisterRow>, Faults> {
    let mut announced = Announced::default();
    read_rows(file, &REGISTER, |row, findings| {
        let details = details(row, findings);
        announced.look(row.line, &details, public_from);
        details
    })
    .map(|mut reading| {
        announced.tell(public_from, &mut reading);
        reading
    })
}

/// Reads a list of URNs and names.
///
/// # Errors
/// All that is wrong with the file.
pub fn names(file: &File) -> Result<Reading<RegisterRow>, Faults> {
    read_rows(file, &NAMES, |row, findings| Details {
        name: row.required(findings, NAME, not_blank, "the name of a school"),
        ..Details::default()
    })
}

/// Reads a list of URNs with latitude and longitude, in degrees on WGS 84.
///
/// # Errors
/// All that is wrong with the file.
pub fn locations(file: &File) -> Result<Reading<RegisterRow>, Faults> {
    read_rows(file, &LOCATIONS, |row, findings| {
        let latitude = |text: &str| millionths(text, 90);
        let longitude = |text: &str| millionths(text, 180);
        let latitude = row.required(findings, LATITUDE, latitude, "a latitude: degrees, -90 to 90");
        let longitude =
            row.required(findings, LONGITUDE, longitude, "a longitude: degrees, -180 to 180");
        let location =
            latitude.zip(longitude).map(|(latitude, longitude)| Location { latitude, longitude });
        Details { location, ..Details::default() }
    })
}

fn read_rows(
    file: &File,
    layout: &Layout,
    mut details: impl FnMut(Row<'_>, &mut Findings) -> Details,
) -> Result<Reading<RegisterRow>, Faults> {
    let mut rows: Vec<RegisterRow> = vec![];
    let mut first = HashMap::new();
    let told = read(file, layout, |row, findings| {
        let urn = row.required(findings, URN, urn, A_URN);
        let details = details(row, findings);
        let Some(urn) = urn else { return };
        let value = RegisterRow { urn, details, source: file.source(row.line) };
        let same = |one: &RegisterRow, other: &RegisterRow| one.details == other.details;
        admit(&mut rows, &mut first, row, (urn, URN), value, same, findings);
    })?;
    told.findings.conclude(&file.name, told.layout, rows)
}

fn details(row: Row<'_>, findings: &mut Findings) -> Details {
    Details {
        name: row.required(findings, NAME, not_blank, "the name of a school"),
        laestab: laestab(row, findings, LA, ESTAB),
        ukprn: row.optional(findings, UKPRN, ukprn, "a UKPRN: eight digits that start with 1"),
        kind: row.required(findings, KIND, kinds::from_words, kinds::A_WORD),
        record_type: None,
        phase: phase(row, findings),
        status: row.required(findings, STATUS, status, A_STATUS),
        local_authority: row.text(LA_NAME),
        street: street(row),
        town: row.text(TOWN),
        postcode: row.text(POSTCODE),
        opened_on: row.optional(findings, OPENED, date, A_DATE),
        closed_on: row.optional(findings, CLOSED, date, A_DATE),
        location: location(row, findings),
    }
}

/// Without the county, which no address needs beside its postcode.
fn street(row: Row<'_>) -> Option<Vec<String>> {
    let lines = [STREET, LOCALITY, ADDRESS_3].into_iter().filter_map(|column| row.text(column));
    Some(lines.collect::<Vec<_>>()).filter(|lines| !lines.is_empty())
}

fn not_blank(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn ukprn(text: &str) -> Option<u32> {
    number(text).filter(|number| (10_000_000..20_000_000).contains(number))
}

/// Words in GIAS; numbers in the school register, which are not those of the performance tables.
fn status(text: &str) -> Option<Register> {
    match bare(text).as_str() {
        "open" | "1" => Some(Register::Open),
        "closed" | "2" => Some(Register::Closed),
        "openbutproposedtoclose" | "proposedtoclose" | "3" => Some(Register::ProposedToClose),
        "proposedtoopen" => Some(Register::ProposedToOpen),
        _ => None,
    }
}

fn phase(row: Row<'_>, findings: &mut Findings) -> Option<Phase> {
    if let Some(phase) = row.optional(findings, PHASE, phase_in_words, A_PHASE) {
        return Some(phase);
    }
    let mut flag = |column| row.optional(findings, column, flag, A_FLAG).unwrap_or_default();
    let flags = (flag(IS_PRIMARY), flag(IS_SECONDARY), flag(IS_POST_16));
    let mut age = |column| row.optional(findings, column, number, AN_AGE);
    let ages = age(AGE_FROM).zip(age(AGE_TO));
    phase_from_flags(flags, ages)
}

fn phase_in_words(text: &str) -> Option<Phase> {
    Some(match bare(text).as_str() {
        "nursery" => Phase::Nursery,
        "primary" => Phase::Primary,
        "middledeemedprimary" => Phase::MiddleDeemedPrimary,
        "secondary" => Phase::Secondary,
        "middledeemedsecondary" => Phase::MiddleDeemedSecondary,
        "allthrough" => Phase::AllThrough,
        "16plus" => Phase::SixteenPlus,
        "notapplicable" => Phase::NotApplicable,
        _ => return None,
    })
}

fn flag(text: &str) -> Option<bool> {
    match number(text)? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// The school register has three flags (primary, secondary, post-16) and ages.  A school that is both primary and
/// secondary, and has pupils from 8 or later to 14 or sooner, is a middle school, deemed secondary if it has at least as
/// many years from 11 on as before.
fn phase_from_flags(
    (primary, secondary, post_16): (bool, bool, bool),
    ages: Option<(u32, u32)>,
) -> Option<Phase> {
    match (primary, secondary) {
        (true, false) => Some(Phase::Primary),
        (false, true) => Some(Phase::Secondary),
        (false, false) => post_16.then_some(Phase::SixteenPlus),
        (true, true) => Some(match ages {
            Some((11.., _)) => Phase::Secondary,
            Some((from @ 8.., to @ ..=14))
                if to.saturating_sub(11) >= 11_u32.saturating_sub(from) =>
            {
                Phase::MiddleDeemedSecondary
            }
            Some((8.., ..=14)) => Phase::MiddleDeemedPrimary,
            _ => Phase::AllThrough,
        }),
    }
}

fn location(row: Row<'_>, findings: &mut Findings) -> Option<Location> {
    let easting = row.optional(findings, EASTING, number, METRES)?;
    let northing = row.optional(findings, NORTHING, number, METRES)?;
    // Nought stands where the place is not known.
    if easting == 0 && northing == 0 {
        return None;
    }
    let place = grid::location(f64::from(easting), f64::from(northing));
    if place.is_none() {
        row.fault(
            findings,
            EASTING,
            &format!("with Northing {northing}, a place in Great Britain in {METRES}"),
        );
    }
    place
}

/// Decimal degrees as whole millionths.
fn millionths(text: &str, limit: i32) -> Option<i32> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
    let degrees: f64 = text.parse().ok().filter(|_| plain)?;
    (degrees.abs() <= f64::from(limit)).then(|| (degrees * 1e6).round() as i32)
}

/// Closures that lie after the day from which the file was public: announced, or the day is wrong.
#[derive(Default)]
struct Announced {
    count: u64,
    first: u64,
}

impl Announced {
    fn look(&mut self, line: u64, details: &Details, public_from: NaiveDate) {
        let closed = details.status == Some(Register::Closed);
        if closed && details.closed_on.is_some_and(|closed_on| closed_on > public_from) {
            self.count += 1;
            if self.count == 1 {
                self.first = line;
            }
        }
    }

    fn tell(&self, public_from: NaiveDate, reading: &mut Reading<RegisterRow>) {
        if self.count > 0 {
            let text = format!(
                "{} schools are closed as of a day after {public_from}, when the file is said to have become public (the first is here)",
                self.count
            );
            reading.notes.push(crate::Note { line: self.first, text });
        }
    }
}
