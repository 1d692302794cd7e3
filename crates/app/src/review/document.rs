//! A review as a document for programs: what `ledge review --json` prints, and what another run is held against.

use chrono::NaiveDate;
use kernel::{AcademicYear, Cell, Grade, LeadingEdgeYear, Release, Threshold, Urn};
use membership::criteria::Adoption;
use membership::review::Counts;
use membership::{Answer, Clause, Finding, Outcome};
use serde::{Deserialize, Serialize};

use super::{Decides, Recording, Reviewed};

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Document {
    pub year: LeadingEdgeYear,
    /// Facts public on or before this day count.
    pub as_at: NaiveDate,
    pub as_known_on: Option<NaiveDate>,
    pub criteria: InForce,
    pub results: Option<AcademicYear>,
    /// `false`: a preview on provisional results, or a what-if; it decides nothing (D4).
    pub decides: bool,
    /// Events recorded by this run; `null`: nothing was to be recorded.
    pub recorded: Option<u64>,
    pub threshold: Option<ThresholdDocument>,
    pub counts: Counts,
    pub schools: Vec<SchoolDocument>,
}

/// The criteria a review was held by.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct InForce {
    /// The year they were adopted for; they stay in force until the next are.
    pub year: LeadingEdgeYear,
    pub adopted_on: NaiveDate,
    pub minute: String,
    /// The file that was asked about instead of what was adopted: it decides nothing.
    #[serde(default)]
    pub what_if: Option<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ThresholdDocument {
    pub release: Release,
    pub percentile: u8,
    pub method: String,
    pub population: u32,
    /// In Progress 8 points.
    pub value: f64,
    pub on_or_above: u32,
    pub tied: u32,
    /// Lower confidence limit strictly above 0 (D2); `null` where the release has no limits.
    pub significant: Option<u32>,
    /// SHA-256 of the files it was computed from.
    pub files: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct SchoolDocument {
    pub urn: Urn,
    pub name: String,
    pub in_population: bool,
    pub eligible: bool,
    pub invited: bool,
    pub outcome: Outcome,
    pub grade: Option<Grade>,
    pub carried_from: Option<Urn>,
    /// In Progress 8 points; `null` where none is published: a clause says why.
    pub progress8: Option<f64>,
    pub clauses: Vec<ClauseDocument>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct ClauseDocument {
    pub rule: String,
    /// The way of the criteria that needs it; `null` where no way does.
    #[serde(default)]
    pub way: Option<String>,
    pub needed: String,
    pub actual: String,
    /// `file line n`.
    pub source: Option<String>,
    /// The day from which the fact was public.
    pub date: Option<NaiveDate>,
    pub result: Answer,
}

impl Document {
    #[must_use]
    pub fn of(reviewed: &Reviewed, recording: Recording) -> Self {
        let basis = &reviewed.basis;
        Self {
            year: basis.year,
            as_at: basis.as_at,
            as_known_on: reviewed.as_known_on,
            criteria: InForce::of(&basis.criteria),
            results: basis.release.map(|release| release.year),
            decides: reviewed.standing == Decides::Yes,
            recorded: match recording {
                Recording::Events(events) => Some(events),
                Recording::Preview | Recording::LaterOnRecord(_) => None,
            },
            threshold: basis.threshold.as_ref().map(ThresholdDocument::of),
            counts: reviewed.counts,
            schools: reviewed.findings.iter().map(SchoolDocument::of).collect(),
        }
    }
}

impl InForce {
    #[must_use]
    pub fn of(adoption: &Adoption) -> Self {
        Self {
            year: adoption.year,
            adopted_on: adoption.adopted_on,
            minute: adoption.minute.clone(),
            what_if: None,
        }
    }
}

impl ThresholdDocument {
    #[must_use]
    pub fn of(threshold: &Threshold) -> Self {
        Self {
            release: threshold.release,
            percentile: threshold.percentile,
            method: threshold.method.clone(),
            population: threshold.population,
            value: f64::from(threshold.value) / 10_000.0,
            on_or_above: threshold.on_or_above,
            tied: threshold.tied,
            significant: threshold.significant,
            files: threshold.files.clone(),
        }
    }
}

impl SchoolDocument {
    #[must_use]
    pub fn of(finding: &Finding) -> Self {
        Self {
            urn: finding.urn,
            name: finding.name.clone(),
            in_population: finding.in_population,
            eligible: finding.eligible,
            invited: finding.invited,
            outcome: finding.outcome,
            grade: finding.grade,
            carried_from: finding.carried_from,
            progress8: finding
                .progress8
                .and_then(Cell::published)
                .map(|score| f64::from(score.hundredths()) / 100.0),
            clauses: finding.clauses.iter().map(ClauseDocument::of).collect(),
        }
    }
}

impl ClauseDocument {
    #[must_use]
    pub fn of(clause: &Clause) -> Self {
        Self {
            rule: clause.rule.clone(),
            way: clause.way.clone(),
            needed: clause.needed.clone(),
            actual: clause.actual.clone(),
            source: clause.source.as_ref().map(ToString::to_string),
            date: clause.date,
            result: clause.result,
        }
    }
}
