//! What has become known of a school.  Every shape here is also a line in `events/school.jsonl`.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use kernel::{Dated, Grade, Outcome, Release, Source};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantNames};

use crate::school::{Inspection, Predecessor};
use crate::{Details, Figures, Results};

#[derive(
    Clone, Debug, Deserialize, Eq, IntoStaticStr, JsonSchema, PartialEq, Serialize, VariantNames,
)]
pub enum Event {
    /// The register, or another national file, names a school that was not on record (R1).
    SchoolRegistered { details: Details, public_from: NaiveDate, source: Source },
    /// What is known of a school is otherwise than it was recorded, or has changed (R1). `changes` holds only what
    /// differs from what the files public by then had said.  For each field the last of them counts, by its public day;
    /// said to be open without `closed_on`, the school is not closing any more.
    SchoolDetailsCorrected { changes: Details, public_from: NaiveDate, source: Source },
    /// A school closed, or is to close (D12). Told again when its date becomes known or another date is given: the last
    /// one counts, by its public day.
    SchoolClosed { on: Option<NaiveDate>, public_from: NaiveDate, source: Source },
    /// A plain succession: a school converted, usually to an academy, and has a new URN (D12).  Of several statements about
    /// one predecessor (converted, merged or split) the earliest day counts, and always if one gives no day.
    SchoolConverted(Predecessor),
    /// A merger or amalgamation: this school succeeded another that was merged into it (D12).
    SchoolsMerged(Predecessor),
    /// A split: this school is one of those that another became (D12).
    SchoolSplit(Predecessor),
    /// The first figures of a school year; or those of a release less final than one recorded already, beside which they
    /// stand without replacing it (D4).
    ResultsPublished(Results),
    /// Figures of a school differ from those published before (D4). What differs from what was known, of a less final
    /// release (`from_release` is the best of those) or of the same one, whose columns are then merged: `results` is
    /// the whole row as it now stands.  (A release that only repeats a less final one has no event: the import of its
    /// file vouches for it.)
    ResultsRevised { results: Results, from: Figures, from_release: Release },
    /// Ofsted inspected a school (R2, D6). All that is known of one inspection: recorded again when more becomes known
    /// of it (its publication, a poorer grade). The last one for an `inspected_on` counts, and the ones before it are
    /// history.
    OfstedInspected(Inspection),
    /// Ofsted's overall grade of a school rose (D9). The overall grade of the newest graded inspection, by the day it
    /// became public, is better than the one told last: by an event like this or, the first time, by the inspection
    /// itself. It is told of a new inspection, of a restatement, and of a correction alike, so that the grade told last
    /// is always the one that stands.
    OfstedUpgraded { from: Grade, to: Grade, inspected_on: NaiveDate, published_on: NaiveDate },
    /// Ofsted's overall grade of a school fell (R14, D9). As with a rise, it is the grade of the newest graded
    /// inspection, against the one told last.
    OfstedDowngraded { from: Grade, to: Grade, inspected_on: NaiveDate, published_on: NaiveDate },
    /// A school has SSAT cover between two days (R7, D10). The last one for a first day counts; terms may overlap.
    SsatCoverRecorded {
        from: NaiveDate,
        until: Option<NaiveDate>,
        via_trust: Option<String>,
        source: Source,
    },
    /// A fact on record was wrong (D17). From its recording on, `to` stands in place of what was recorded, for all the
    /// days the wrong fact stood for (D17).
    FactCorrected { fact: Fact, reason: String },
}

/// The fact that was wrong, as it was and as it should have been.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// `to` has the cells that were wrong and no others: they are laid over the figures that stand for the release.  `from`
    /// has what stood in them, as far as this record knows: a release that only confirmed another has no figures here.
    Results {
        release: Release,
        from: Figures,
        to: Figures,
    },
    Inspection {
        inspected_on: NaiveDate,
        from: Outcome,
        to: Option<Outcome>,
    },
}

impl DomainEvent for Event {
    fn event_type(&self) -> String {
        <&str>::from(self).to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Dated for Event {
    fn effective_on(&self) -> Option<NaiveDate> {
        match self {
            Self::SchoolRegistered { public_from, .. }
            | Self::SchoolDetailsCorrected { public_from, .. }
            | Self::SchoolClosed { public_from, .. } => Some(*public_from),
            Self::SchoolConverted(predecessor)
            | Self::SchoolsMerged(predecessor)
            | Self::SchoolSplit(predecessor) => predecessor.established_on,
            Self::ResultsPublished(results) | Self::ResultsRevised { results, .. } => {
                Some(results.public_from)
            }
            Self::OfstedInspected(inspection) => Some(inspection.public_from()),
            Self::OfstedUpgraded { published_on, .. }
            | Self::OfstedDowngraded { published_on, .. } => Some(*published_on),
            Self::SsatCoverRecorded { from, .. } => Some(*from),
            Self::FactCorrected { .. } => None,
        }
    }
}
