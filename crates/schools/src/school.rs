//! One URN of the national register.

mod cover;
mod entry;
mod inspections;
mod outcome;
mod succession;
mod tables;

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{Outcome, Published, Release, Source, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use commands::Command;
pub use events::{Event, Fact};

use crate::{Figures, Refusal, Results};

/// What is recorded of a school: no more than decisions need.  (Kept as JSON in snapshots.)
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct School {
    entry: entry::Entry,
    tables: tables::Tables,
    inspections: inspections::Inspections,
    predecessors: succession::Predecessors,
    cover: cover::Cover,
}

/// One inspection of a school by Ofsted.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Inspection {
    pub inspected_on: NaiveDate,
    /// The day the report was published.  Absent where the file does not say: then the inspection day stands for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_on: Option<NaiveDate>,
    pub outcome: Outcome,
    /// A better overall grade printed for the same school and day.  The poorer counts; the conflict is kept.  (Beside an
    /// outcome without an overall grade it says nothing.)
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_printed: Option<kernel::Grade>,
    pub source: Source,
}

impl Inspection {
    /// The day from which it counts (D6): its publication, or the inspection day where none is given.
    #[must_use]
    pub fn public_from(&self) -> NaiveDate {
        self.published_on.unwrap_or(self.inspected_on)
    }
}

/// A school that this one succeeded, as the register links them.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Predecessor {
    pub urn: Urn,
    pub succession: Succession,
    /// The day from which the link counts; absent means always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub established_on: Option<NaiveDate>,
    pub source: Source,
}

/// How one school came from another: the register's link kinds that begin with `Predecessor` or `Successor`.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize, strum::Display,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Succession {
    Converted,
    Merged,
    Amalgamated,
    Split,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    School::TYPE,
    "One URN of the national register, and what others published of it.",
    "the school's URN",
    include_str!("../events/school.jsonl"),
);

impl School {
    /// The less final release whose figures this row only repeats: nothing is recorded for such a row, and the import
    /// of its file names the school as confirmed (`Import::confirmed`).  Ask before the row is recorded.
    #[must_use]
    pub fn confirmed_by(&self, results: &Results) -> Option<Release> {
        self.tables.confirmed_by(results)
    }

    /// Every question a school's record can be asked, and who answers it.
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Register { details, public_from, source } => {
                Ok(self.entry.register(details, public_from, source))
            }
            Command::Close { on, public_from, source } => self.close(on, public_from, source),
            Command::RecordResults(results) => Ok(self.tables.record(results)),
            Command::RecordInspections(inspections) => Ok(self.inspections.record(inspections)),
            Command::RecordPredecessors { school, predecessors } => {
                self.predecessors.record(school, predecessors)
            }
            Command::RecordCover { from, until, via_trust, source } => {
                self.cover.record(from, until, via_trust, source)
            }
            Command::CorrectResults { release, figures, reason } => {
                self.correct_results(release, figures, reason)
            }
            Command::CorrectInspection { inspected_on, outcome, reason } => {
                self.correct_inspection(inspected_on, outcome, reason)
            }
        }
    }

    fn close(
        &self,
        on: Option<NaiveDate>,
        public_from: NaiveDate,
        source: Source,
    ) -> Result<Vec<Event>, Refusal> {
        self.must_be_known()?;
        Ok(self.entry.close(on, public_from, source))
    }

    fn correct_results(
        &self,
        release: Release,
        figures: Figures,
        reason: String,
    ) -> Result<Vec<Event>, Refusal> {
        self.must_be_known()?;
        self.tables.correct(release, figures, given(reason)?)
    }

    fn correct_inspection(
        &self,
        inspected_on: NaiveDate,
        outcome: Option<Outcome>,
        reason: String,
    ) -> Result<Vec<Event>, Refusal> {
        self.must_be_known()?;
        self.inspections.correct(inspected_on, outcome, given(reason)?)
    }

    /// Whatever is recorded leaves a trace here, so a record without one is empty.
    fn must_be_known(&self) -> Result<(), Refusal> {
        if *self == Self::default() { Err(Refusal::NotRegistered) } else { Ok(()) }
    }
}

impl Aggregate for School {
    const TYPE: &'static str = "schools.school";
    type Command = Command;
    type Event = Event;
    type Error = Refusal;
    type Services = ();

    async fn handle(
        &mut self,
        command: Command,
        (): &(),
        sink: &EventSink<Self>,
    ) -> Result<(), Refusal> {
        for event in self.decide(command)? {
            sink.write(event, self).await;
        }
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::SchoolRegistered { details, public_from, .. }
            | Event::SchoolDetailsCorrected { changes: details, public_from, .. } => {
                self.entry.stated(&details, public_from);
            }
            Event::SchoolClosed { on, public_from, .. } => self.entry.closed(on, public_from),
            Event::SchoolConverted(predecessor)
            | Event::SchoolsMerged(predecessor)
            | Event::SchoolSplit(predecessor) => {
                self.predecessors.succeeded(&predecessor);
            }
            Event::ResultsPublished(results) | Event::ResultsRevised { results, .. } => {
                self.tables.published(&results);
            }
            Event::OfstedInspected(inspection) => self.inspections.inspected(&inspection),
            Event::OfstedUpgraded { to, .. } | Event::OfstedDowngraded { to, .. } => {
                self.inspections.turned(to);
            }
            Event::SsatCoverRecorded { from, until, via_trust, .. } => {
                self.cover.covered(from, until, via_trust);
            }
            Event::FactCorrected { fact: Fact::Results { release, from, to }, .. } => {
                self.tables.corrected(release, from, to);
            }
            Event::FactCorrected { fact: Fact::Inspection { inspected_on, from, to }, .. } => {
                self.inspections.corrected(inspected_on, from, to);
            }
        }
    }
}

/// A correction without a reason explains nothing (R16, D17).
fn given(reason: String) -> Result<String, Refusal> {
    if reason.trim().is_empty() { Err(Refusal::ReasonMissing) } else { Ok(reason) }
}
