//! The schools, one row each: what the register says now, the newest grade and the newest Progress 8.

use chrono::NaiveDate;
use kernel::{Grade, Progress8, RecordType, Release, SchoolKind, Urn};
use schools::Details;
use schools::school::Event as School;
pub use schools::{LaEstab, Phase, Register};
use serde::{Deserialize, Serialize};

use crate::known::Known;
use crate::{Event, Past, Recorded, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Schools;

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub name: Option<String>,
    pub sought: Option<String>,
    pub kind: Option<SchoolKind>,
    pub record_type: Option<RecordType>,
    pub phase: Option<Phase>,
    pub status: Option<Register>,
    #[serde(with = "columns::optional_day")]
    pub opened_on: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub closed_on: Option<NaiveDate>,
    pub laestab: Option<LaEstab>,
    pub ukprn: Option<u32>,
    pub local_authority: Option<String>,
    pub street: Option<String>,
    pub town: Option<String>,
    pub postcode: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
    pub grade: Option<Grade>,
    pub outcome: Option<String>,
    #[serde(with = "columns::optional_day")]
    pub inspected_on: Option<NaiveDate>,
    #[serde(with = "columns::optional_day")]
    pub grade_public_from: Option<NaiveDate>,
    pub progress8: Option<Progress8>,
    pub progress8_release: Option<Release>,
    #[serde(with = "columns::optional_urn")]
    pub successor: Option<Urn>,
    pub successors: u32,
    pub position: u64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "schools",
        key: &["urn"],
        ddl: "\
CREATE TABLE schools (
  urn               INTEGER PRIMARY KEY,
  name              TEXT,             -- NULL in any column down to longitude: no file said so yet
  sought            TEXT,             -- the name as it is searched: small letters, no accents, no apostrophes
  kind              TEXT,             -- DfE's NFTYPE code
  record_type       TEXT,             -- mainstream or special (DfE's RECTYPE 1 or 2)
  phase             TEXT,
  status            TEXT,             -- open, proposed_to_close, closed, proposed_to_open
  opened_on         TEXT,
  closed_on         TEXT,
  laestab           TEXT,             -- local authority and establishment, as 202/4104
  ukprn             INTEGER,          -- UK provider reference number, eight digits
  local_authority   TEXT,
  street            TEXT,             -- what comes before the town, a line each
  town              TEXT,
  postcode          TEXT,             -- capitals, one space: SW1A 1AA
  latitude          REAL,             -- WGS 84, in degrees
  longitude         REAL,
  grade             INTEGER,          -- overall grade of its newest graded inspection, 1 to 4; NULL: none was given
  outcome           TEXT,             -- what that inspection came to, in words
  inspected_on      TEXT,
  grade_public_from TEXT,             -- the day its report was published, or else the inspection day
  progress8         INTEGER,          -- the newest published, in hundredths: 26 is 0.26
  progress8_release TEXT,             -- the release it stands in, as 2017/18 final
  successor         INTEGER,          -- the URN of the one school that came after it
  successors        INTEGER NOT NULL, -- how many came after it; where it is not 1, successor is NULL
  position          INTEGER NOT NULL  -- of the last event in the journal that changed the row
)",
        indexes: &[
            "CREATE INDEX schools_by_laestab ON schools (laestab)",
            "CREATE INDEX schools_by_ukprn ON schools (ukprn)",
            "CREATE INDEX schools_by_postcode ON schools (postcode)",
            "CREATE INDEX schools_by_sought ON schools (sought)",
        ],
    };
}

/// The public day of the statement that each detail of a row came from.
#[derive(Debug, Default)]
pub(crate) struct Days {
    name: Option<NaiveDate>,
    laestab: Option<NaiveDate>,
    ukprn: Option<NaiveDate>,
    kind: Option<NaiveDate>,
    record_type: Option<NaiveDate>,
    phase: Option<NaiveDate>,
    status: Option<NaiveDate>,
    local_authority: Option<NaiveDate>,
    street: Option<NaiveDate>,
    town: Option<NaiveDate>,
    postcode: Option<NaiveDate>,
    opened_on: Option<NaiveDate>,
    closed_on: Option<NaiveDate>,
    location: Option<NaiveDate>,
}

impl Row {
    pub(crate) fn unknown(urn: Urn) -> Self {
        Self {
            urn,
            name: None,
            sought: None,
            kind: None,
            record_type: None,
            phase: None,
            status: None,
            opened_on: None,
            closed_on: None,
            laestab: None,
            ukprn: None,
            local_authority: None,
            street: None,
            town: None,
            postcode: None,
            latitude: None,
            longitude: None,
            grade: None,
            outcome: None,
            inspected_on: None,
            grade_public_from: None,
            progress8: None,
            progress8_release: None,
            successor: None,
            successors: 0,
            position: 0,
        }
    }

    /// Its address as far as the register gives it, line by line, the postcode last.
    #[must_use]
    pub fn address(&self) -> Vec<String> {
        let town = self.town.as_deref();
        let street = self.street.as_deref().unwrap_or_default().lines();
        // Some of the register's entries give the town in both places.
        let street = street.filter(|line| Some(*line) != town);
        street.chain(town).chain(self.postcode.as_deref()).map(str::to_owned).collect()
    }

    /// Lays a statement into the row, column by column: of several the last to become public counts, and of those of one
    /// day the last recorded.
    pub(crate) fn lay(&mut self, stated: &Details, public_from: NaiveDate, days: &mut Days) {
        fn lay<T>(
            field: &mut Option<T>,
            stated: Option<T>,
            public_from: NaiveDate,
            day: &mut Option<NaiveDate>,
        ) {
            if stated.is_some() && day.is_none_or(|day| day <= public_from) {
                *field = stated;
                *day = Some(public_from);
            }
        }
        if stated.calls_a_closure_off() && days.closed_on.is_none_or(|day| day <= public_from) {
            self.closed_on = None;
            days.closed_on = Some(public_from);
        }
        // Taken apart by name, so that a detail without its line here does not compile.
        let Details {
            name,
            laestab,
            ukprn,
            kind,
            record_type,
            phase,
            status,
            local_authority,
            street,
            town,
            postcode,
            opened_on,
            closed_on,
            location,
        } = stated;
        let mut day = days.name;
        lay(&mut self.sought, name.as_deref().map(sought), public_from, &mut day);
        lay(&mut self.name, name.clone(), public_from, &mut days.name);
        lay(&mut self.laestab, *laestab, public_from, &mut days.laestab);
        lay(&mut self.ukprn, *ukprn, public_from, &mut days.ukprn);
        lay(&mut self.kind, *kind, public_from, &mut days.kind);
        lay(&mut self.record_type, *record_type, public_from, &mut days.record_type);
        lay(&mut self.phase, *phase, public_from, &mut days.phase);
        lay(&mut self.status, *status, public_from, &mut days.status);
        lay(
            &mut self.local_authority,
            local_authority.clone(),
            public_from,
            &mut days.local_authority,
        );
        let street = street.as_ref().map(|lines| lines.join("\n"));
        lay(&mut self.street, street, public_from, &mut days.street);
        lay(&mut self.town, town.clone(), public_from, &mut days.town);
        let postcode =
            postcode.as_deref().map(|text| postcode_of(text).unwrap_or_else(|| text.to_owned()));
        lay(&mut self.postcode, postcode, public_from, &mut days.postcode);
        lay(&mut self.opened_on, *opened_on, public_from, &mut days.opened_on);
        lay(&mut self.closed_on, *closed_on, public_from, &mut days.closed_on);
        let mut place = self.latitude.zip(self.longitude);
        let stated =
            location.map(|it| (f64::from(it.latitude) / 1e6, f64::from(it.longitude) / 1e6));
        lay(&mut place, stated, public_from, &mut days.location);
        (self.latitude, self.longitude) = place.unzip();
    }
}

impl Schools {
    /// Results, inspections and successors are laid into the row where they are held (`known`); here are the details.
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        known: &mut Known,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Event::School(urn, event) = &recorded.event else { return Ok(()) };
        match event {
            School::SchoolRegistered { details, public_from, .. }
            | School::SchoolDetailsCorrected { changes: details, public_from, .. } => {
                known.school(*urn, past)?.state(details, *public_from, recorded.position);
            }
            School::SchoolClosed { on, public_from, .. } => {
                let closed = crate::details::closed(*on);
                known.school(*urn, past)?.state(&closed, *public_from, recorded.position);
            }
            // A school may be known by its links or its cover alone: it has a row all the same.
            School::SchoolConverted(_)
            | School::SchoolsMerged(_)
            | School::SchoolSplit(_)
            | School::SsatCoverRecorded { .. } => {
                known.school(*urn, past)?.change(recorded.position);
            }
            School::ResultsPublished(_)
            | School::ResultsRevised { .. }
            | School::OfstedInspected(_)
            | School::OfstedUpgraded { .. }
            | School::OfstedDowngraded { .. }
            | School::FactCorrected { .. } => {}
        }
        Ok(())
    }
}

/// A name, or what somebody typed of one, as it is searched: small letters without accents, apostrophes or full stops,
/// other signs as single spaces.
#[must_use]
pub fn sought(name: &str) -> String {
    let mut plain = String::with_capacity(name.len());
    for letter in name.chars().flat_map(char::to_lowercase) {
        match letter {
            '\'' | '’' | '‘' | '`' | '´' | '.' => {}
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => plain.push('a'),
            'è' | 'é' | 'ê' | 'ë' => plain.push('e'),
            'ì' | 'í' | 'î' | 'ï' => plain.push('i'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => plain.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => plain.push('u'),
            'ç' => plain.push('c'),
            'ñ' => plain.push('n'),
            letter if letter.is_alphanumeric() => plain.push(letter),
            _ => {
                if !plain.is_empty() && !plain.ends_with(' ') {
                    plain.push(' ');
                }
            }
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// A whole postcode with or without its space, as it is written: capitals, one space before the last three signs.
#[must_use]
pub fn postcode_of(text: &str) -> Option<String> {
    let signs: String = text
        .chars()
        .filter(|sign| !sign.is_whitespace())
        .map(|sign| sign.to_ascii_uppercase())
        .collect();
    if !signs.is_ascii() || !(5..=7).contains(&signs.len()) {
        return None;
    }
    let (outward, inward) = signs.split_at(signs.len() - 3);
    let shape = |part: &str| -> String {
        part.chars()
            .map(|sign| {
                if sign.is_ascii_digit() {
                    '9'
                } else if sign.is_ascii_alphabetic() {
                    'A'
                } else {
                    '-'
                }
            })
            .collect()
    };
    let outward_fits =
        ["A9", "A99", "A9A", "AA9", "AA99", "AA9A"].contains(&shape(outward).as_str());
    (outward_fits && shape(inward) == "9AA").then(|| format!("{outward} {inward}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_whatever_its_apostrophes_accents_and_signs() {
        for (name, plain) in [
            ("St George’s C.E. School", "st georges ce school"),
            ("St Thomas à Becket", "st thomas a becket"),
            ("  King's – Lynn (Boys) ", "kings lynn boys"),
            ("Ysgol Ð", "ysgol ð"),
            ("", ""),
        ] {
            assert_eq!(sought(name), plain);
        }
    }

    #[test]
    fn a_postcode_is_read_with_and_without_its_space() {
        for (text, written) in [
            ("nw32bq", Some("NW3 2BQ")),
            ("NW3 2BQ", Some("NW3 2BQ")),
            ("sw1a1aa", Some("SW1A 1AA")),
            ("m1 1ae", Some("M1 1AE")),
            ("100049", None),
            ("school", None),
            ("NW3", None),
            ("é1 1ae", None),
        ] {
            assert_eq!(postcode_of(text).as_deref(), written, "{text}");
        }
    }
}
