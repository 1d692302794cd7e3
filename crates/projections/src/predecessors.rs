//! Which schools came from which (D12), statement by statement.

use chrono::NaiveDate;
use kernel::Urn;
use schools::school::{Event as School, Predecessor, Succession};
use serde::{Deserialize, Serialize};

use crate::known::Known;
use crate::{Event, Past, Recorded, Sink, Table, TableRow, columns};

#[derive(Debug, Default)]
pub struct Predecessors {
    new: Vec<Row>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct Row {
    #[serde(with = "columns::urn")]
    pub urn: Urn,
    #[serde(with = "columns::urn")]
    pub predecessor: Urn,
    pub succession: Succession,
    #[serde(with = "columns::optional_day")]
    pub established_on: Option<NaiveDate>,
    pub file: String,
    pub sha256: String,
    pub line: u64,
    pub position: u64,
    pub recorded_at: i64,
}

impl TableRow for Row {
    const TABLE: Table = Table {
        name: "predecessors",
        key: &["position"],
        ddl: "\
CREATE TABLE predecessors (
  urn            INTEGER NOT NULL, -- the school that came after
  predecessor    INTEGER NOT NULL, -- the school that was before
  succession     TEXT NOT NULL,    -- converted, merged, amalgamated or split
  established_on TEXT,             -- the link counts from this day; NULL: always
  file           TEXT NOT NULL,    -- the file that says so
  sha256         TEXT NOT NULL,    -- the first 12 hex digits of its SHA-256
  line           INTEGER NOT NULL, -- the line or row in it, counted from 1
  position       INTEGER NOT NULL, -- of the event in the journal
  recorded_at    INTEGER NOT NULL  -- microseconds since 1970-01-01 UTC
)",
        indexes: &[
            "CREATE INDEX predecessors_of ON predecessors (urn)",
            "CREATE INDEX successors_of ON predecessors (predecessor)",
        ],
    };
}

impl Predecessors {
    pub(crate) fn apply<P: Past>(
        &mut self,
        recorded: &Recorded,
        known: &mut Known,
        past: &mut P,
    ) -> Result<(), P::Error> {
        let Some((urn, predecessor)) = succession(&recorded.event) else { return Ok(()) };
        known.school(predecessor.urn, past)?.hold_successor(urn, recorded.position);
        self.new.push(Row {
            urn,
            predecessor: predecessor.urn,
            succession: predecessor.succession,
            established_on: predecessor.established_on,
            file: predecessor.source.file.clone(),
            sha256: predecessor.source.sha256.clone(),
            line: predecessor.source.line,
            position: recorded.position,
            recorded_at: recorded.recorded_at.timestamp_micros(),
        });
        Ok(())
    }

    pub(crate) fn write<S: Sink>(&mut self, sink: &mut S) -> Result<(), S::Error> {
        self.new.drain(..).try_for_each(|row| sink.put(&row))
    }
}

/// The school that came after, and what it came from.
pub(crate) fn succession(event: &Event) -> Option<(Urn, &Predecessor)> {
    match event {
        Event::School(
            urn,
            School::SchoolConverted(predecessor)
            | School::SchoolsMerged(predecessor)
            | School::SchoolSplit(predecessor),
        ) => Some((*urn, predecessor)),
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
        | Event::Person(..) => None,
    }
}
