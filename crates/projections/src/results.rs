//! What the performance tables published of each school, version by version: nothing is ever written over.

use std::sync::Arc;

use chrono::NaiveDate;
use kernel::{
    AcademicYear, Progress8, RecordType, Release, SchoolKind, Source, Standing, Urn, Withheld,
};
use schools::Figures;
use schools::national_data::{Event as NationalData, Import};
use schools::school::{Event as School, Fact};
use serde::{Deserialize, Serialize};

use crate::columns::{join, split};
use crate::known::{Known, School as Held};
use crate::shared::{Shared, Texts};
use crate::{Event, Past, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Results {
    new: Vec<Arc<Row>>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    pub year: AcademicYear,
    pub standing: Standing,
    pub progress8: Option<Progress8>,
    pub progress8_code: Option<Withheld>,
    pub lower: Option<Progress8>,
    pub lower_code: Option<Withheld>,
    pub upper: Option<Progress8>,
    pub upper_code: Option<Withheld>,
    pub pupils: Option<u32>,
    pub pupils_code: Option<Withheld>,
    pub kind: Option<SchoolKind>,
    pub record_type: Option<RecordType>,
    #[serde(with = "columns::day")]
    pub public_from: NaiveDate,
    pub file: Shared,
    pub sha256: Shared,
    pub line: u64,
    pub confirms: Option<Standing>,
    pub correction: Option<String>,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "results",
        key: &["urn", "year", "standing", "position"],
        ddl: "\
CREATE TABLE results (
  urn            INTEGER NOT NULL,
  year           TEXT NOT NULL,    -- the school year, as 2017/18
  standing       TEXT NOT NULL,    -- provisional, revised or final
  progress8      INTEGER,          -- in hundredths: 26 is 0.26
  progress8_code TEXT,             -- why there is no value: SUPP, LOWCOV, NE, NP, NA, NEW, RE, SP, BLANK;
                                   -- NULL beside a NULL value: the file has no such column
  lower          INTEGER,          -- lower 95% confidence limit, in hundredths
  lower_code     TEXT,
  upper          INTEGER,          -- upper 95% confidence limit, in hundredths
  upper_code     TEXT,
  pupils         INTEGER,          -- at the end of key stage 4
  pupils_code    TEXT,
  kind           TEXT,             -- DfE's NFTYPE code, where the release says
  record_type    TEXT,             -- mainstream or special, where the release says
  public_from    TEXT NOT NULL,    -- the day from which anyone could know it
  file           TEXT NOT NULL,    -- the file that says so
  sha256         TEXT NOT NULL,    -- the first 12 hex digits of its SHA-256
  line           INTEGER NOT NULL, -- the line or row in it, counted from 1
  confirms       TEXT,             -- the earlier standing whose figures this release vouches for, unchanged
  correction     TEXT,             -- the reason, where the office corrected what it had recorded
  position       INTEGER NOT NULL, -- of the event in the journal; the last one of a release counts
  recorded_at    INTEGER NOT NULL  -- microseconds since 1970-01-01 UTC
)",
        indexes: &["CREATE INDEX results_of ON results (urn)"],
    };
}

impl Row {
    #[must_use]
    pub fn release(&self) -> Release {
        Release { year: self.year, standing: self.standing }
    }

    #[must_use]
    pub fn figures(&self) -> Figures {
        Figures {
            progress8: join(self.progress8, self.progress8_code),
            lower: join(self.lower, self.lower_code),
            upper: join(self.upper, self.upper_code),
            pupils: join(self.pupils, self.pupils_code),
        }
    }

    #[must_use]
    pub fn source(&self) -> Source {
        columns::source(&self.file, &self.sha256, self.line)
    }

    fn with(mut self, figures: &Figures) -> Self {
        (self.progress8, self.progress8_code) = split(figures.progress8);
        (self.lower, self.lower_code) = split(figures.lower);
        (self.upper, self.upper_code) = split(figures.upper);
        (self.pupils, self.pupils_code) = split(figures.pupils);
        self
    }

    fn at(mut self, recorded: &Recorded) -> Self {
        self.position = recorded.position;
        self.recorded_at = recorded.recorded_at.timestamp_micros();
        self
    }
}

impl Results {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        known: &mut Known,
        past: &mut P,
    ) -> Result<(), P::Error> {
        match &recorded.event {
            Event::School(
                urn,
                School::ResultsPublished(results) | School::ResultsRevised { results, .. },
            ) => {
                let (school, texts) = known.school_and_texts(*urn, past)?;
                let standing = school.version(results.release);
                let row = published(*urn, results, standing, recorded, texts);
                self.hold(row, school);
                Ok(())
            }
            Event::School(
                urn,
                School::FactCorrected { fact: Fact::Results { release, to, .. }, reason },
            ) => {
                for row in corrected(known.school(*urn, past)?.results(), *release, to, reason) {
                    self.add(row.at(recorded), known, past)?;
                }
                Ok(())
            }
            Event::NationalData(_, NationalData::DatasetImported(import)) => {
                let Some(release) = import.release else { return Ok(()) };
                for (urn, line) in &import.confirmed {
                    let versions: Vec<&Row> = known.school(*urn, past)?.results().collect();
                    if let Some(row) = confirmed(&versions, release, import, *line) {
                        self.add(row.at(recorded), known, past)?;
                    }
                }
                Ok(())
            }
            Event::School(..)
            | Event::NationalData(..)
            | Event::Criteria(..)
            | Event::Review(..)
            | Event::Membership(..)
            | Event::Fee(..)
            | Event::Ledger(..)
            | Event::Issuer(_)
            | Event::Customer(..)
            | Event::Calendar(_)
            | Event::Parked(..)
            | Event::Letter(..)
            | Event::Person(..) => Ok(()),
        }
    }

    fn add<P: Past>(&mut self, row: Row, known: &mut Known, past: &mut P) -> Result<(), P::Error> {
        let school = known.school(row.urn, past)?;
        self.hold(row, school);
        Ok(())
    }

    /// Held and written are the same row: the most frequent event makes one, and it is large.
    fn hold(&mut self, row: Row, school: &mut Held) {
        let row = Arc::new(row);
        school.hold_results(Arc::clone(&row));
        self.new.push(row);
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&*row))
    }
}

fn published(
    urn: Urn,
    results: &schools::Results,
    standing: Option<&Row>,
    recorded: &Recorded,
    texts: &mut Texts,
) -> Row {
    let confirmed = confirmed_before(standing, results);
    Row {
        urn,
        year: results.release.year,
        standing: results.release.standing,
        progress8: None,
        progress8_code: None,
        lower: None,
        lower_code: None,
        upper: None,
        upper_code: None,
        pupils: None,
        pupils_code: None,
        kind: results.kind.or_else(|| confirmed?.kind),
        record_type: results.record_type.or_else(|| confirmed?.record_type),
        public_from: results.public_from,
        file: texts.shared(&results.source.file),
        sha256: texts.shared(&results.source.sha256),
        line: results.source.line,
        confirms: None,
        correction: None,
        position: recorded.position,
        recorded_at: recorded.recorded_at.timestamp_micros(),
    }
    .with(&stated(standing, results))
}

/// The figures that stand for a release once these results are told: a file without a column says nothing of the cells
/// that the release vouched for before.
pub(crate) fn stated(standing: Option<&Row>, results: &schools::Results) -> Figures {
    confirmed_before(standing, results)
        .map_or(results.figures, |row| row.figures().overlaid(results.figures))
}

/// The school's own record does not know what its release only confirmed, so its event is not the whole row then.
fn confirmed_before<'a>(standing: Option<&'a Row>, results: &schools::Results) -> Option<&'a Row> {
    standing.filter(|row| row.confirms.is_some() && row.public_from <= results.public_from)
}

/// Only the cells named change.  They keep their public day: a correction says what was true all along (D17).
fn corrected<'a>(
    versions: impl Iterator<Item = &'a Row>,
    release: Release,
    to: &Figures,
    reason: &str,
) -> Vec<Row> {
    vouched_for(versions, release)
        .map(|row| {
            let figures = row.figures().overlaid(*to);
            Row { correction: Some(reason.to_owned()), ..row.clone() }.with(&figures)
        })
        .collect()
}

/// Of the last version of each release: that of this one, and of each more final one that vouched for the same figures,
/// directly or by way of another.
pub(crate) fn vouched_for<'a>(
    versions: impl Iterator<Item = &'a Row>,
    release: Release,
) -> impl Iterator<Item = &'a Row> {
    let mut standings = vec![release.standing];
    versions.filter(move |row| {
        if row.year != release.year {
            return false;
        }
        if row.confirms.is_some_and(|standing| standings.contains(&standing)) {
            standings.push(row.standing);
        }
        standings.contains(&row.standing)
    })
}

/// The figures of the most final earlier release, now vouched for by this one.  `None`: the school has figures of its own
/// in this release, or it vouches for these already, from that day or before; or nothing is known that it could vouch for.
pub(crate) fn confirmed(
    versions: &[&Row],
    release: Release,
    import: &Import,
    line: u64,
) -> Option<Row> {
    let of_year = |standing: &dyn Fn(Standing) -> bool| {
        versions
            .iter()
            .filter(|row| row.year == release.year && standing(row.standing))
            .max_by_key(|row| row.standing)
    };
    let public_from = import.public_from.unwrap_or_else(|| match release.standing {
        Standing::Provisional => release.year.provisional_public_from(),
        Standing::Revised | Standing::Final => release.year.final_public_from(),
    });
    let earlier = of_year(&|standing| standing < release.standing)?;
    if let Some(standing) = of_year(&|standing| standing == release.standing)
        && (standing.confirms.is_none()
            || (standing.figures() == earlier.figures() && standing.public_from <= public_from))
    {
        return None;
    }
    Some(Row {
        standing: release.standing,
        public_from,
        file: import.file.as_str().into(),
        sha256: import.sha256.get(..12).unwrap_or(&import.sha256).into(),
        line,
        confirms: Some(earlier.standing),
        ..Row::clone(earlier)
    })
}
