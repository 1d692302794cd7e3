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

    fn lay(&mut self, newer: &Details) {
        fn lay<T>(field: &mut Option<T>, newer: Option<T>) {
            if newer.is_some() {
                *field = newer;
            }
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
            town,
            postcode,
            opened_on,
            closed_on,
            location,
        } = newer;
        lay(&mut self.name, name.clone());
        lay(&mut self.sought, name.as_deref().map(sought));
        lay(&mut self.laestab, *laestab);
        lay(&mut self.ukprn, *ukprn);
        lay(&mut self.kind, *kind);
        lay(&mut self.record_type, *record_type);
        lay(&mut self.phase, *phase);
        lay(&mut self.status, *status);
        lay(&mut self.local_authority, local_authority.clone());
        lay(&mut self.town, town.clone());
        lay(
            &mut self.postcode,
            postcode.as_deref().map(|text| postcode_of(text).unwrap_or_else(|| text.to_owned())),
        );
        lay(&mut self.opened_on, *opened_on);
        lay(&mut self.closed_on, *closed_on);
        lay(&mut self.latitude, location.map(|place| f64::from(place.latitude) / 1e6));
        lay(&mut self.longitude, location.map(|place| f64::from(place.longitude) / 1e6));
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
            School::SchoolRegistered { details, .. }
            | School::SchoolDetailsCorrected { changes: details, .. } => {
                known.school(*urn, past)?.change(recorded.position).lay(details);
            }
            School::SchoolClosed { on, .. } => {
                let row = known.school(*urn, past)?.change(recorded.position);
                row.status = Some(Register::Closed);
                row.closed_on = on.or(row.closed_on);
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
