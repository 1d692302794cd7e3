//! The annual review: the criteria in force against the record as it stood on a day (R42).

use chrono::NaiveDate;
use kernel::{AcademicYear, CommandId, LeadingEdgeYear, Release, Urn};
use membership::criteria::{Adoption, Condition, Terms, WithoutProgress8};
use membership::membership::Profile;
use membership::review::{Basis, Counts};
use membership::{Finding, SchoolFacts, finding, review};
use projections::evidence::{Evidence, Question};

use crate::office::known_on;
use crate::{Desk, Failure, Office};

mod difference;
mod document;

pub use difference::{Answers, Change, Difference, Differs, Side};
pub use document::{ClauseDocument, Document, InForce, SchoolDocument, ThresholdDocument};

/// What is asked of a review.
#[derive(Clone, Debug)]
pub struct ReviewQuestion {
    pub year: LeadingEdgeYear,
    /// Whose results count; otherwise the examinations before the year begins.
    pub results: Option<AcademicYear>,
    pub as_at: NaiveDate,
    /// As known at the end of this day; otherwise as known now.
    pub as_known_on: Option<NaiveDate>,
    /// What if these were in force?
    pub criteria: Option<Adoption>,
}

/// A review that was run: every school, explained.
#[derive(Clone, Debug)]
pub struct Reviewed {
    pub basis: Basis,
    pub as_known_on: Option<NaiveDate>,
    pub counts: Counts,
    pub findings: Vec<Finding>,
    /// What the findings rest on, school by school, in the same order.
    pub facts: Vec<SchoolFacts>,
    pub standing: Decides,
}

/// Whether a run could stand as the year's review.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Decides {
    Yes,
    /// It rests on a provisional release, which decides nothing (D4).
    OnlyProvisional,
    /// It asks what if, or what was known earlier.
    WhatIf,
    /// It looks at a day that has not come.
    NotYet,
    /// No threshold could be taken, and the criteria ask for one.
    NoThreshold,
}

impl Decides {
    /// Why a run is not recorded, as people are told.
    #[must_use]
    pub fn why_not(self) -> Option<String> {
        match self {
            Self::Yes => None,
            Self::OnlyProvisional => {
                Some("it rests on provisional results, which decide nothing (D4)".to_owned())
            }
            Self::WhatIf => Some("it asks what if, or what was known earlier".to_owned()),
            Self::NotYet => Some("it looks at a day that has not come".to_owned()),
            Self::NoThreshold => {
                Some("no threshold could be taken, and the criteria ask for one".to_owned())
            }
        }
    }
}

/// What became of recording a review.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Recording {
    /// Recorded, with so many events; 0: the very same review is on record.
    Events(u64),
    /// Looked at, not recorded.
    Preview,
    /// Not recorded: the review on record looked at this later day, and a look back does not take its place.
    LaterOnRecord(NaiveDate),
}

impl Desk {
    /// Runs a review and records nothing.
    ///
    /// # Errors
    /// Without criteria in force, or without the results asked for, it is refused saying what there is.
    pub fn review(&self, question: &ReviewQuestion) -> Result<Reviewed, Failure> {
        let evidence = self.read.evidence(question.as_at, known_on(question.as_known_on))?;
        let criteria = match &question.criteria {
            Some(adoption) => adoption.clone(),
            None => self.criteria_in_force(question.year, question.as_at, question.as_known_on)?,
        };
        let mut reviewed = run(&evidence, criteria, question)?;
        if reviewed.standing == Decides::Yes && question.as_at > self.today() {
            reviewed.standing = Decides::NotYet;
        }
        Ok(reviewed)
    }

    /// The criteria in force for a year against what was public of one school by a day: an applicant's profile (R5).  Unlike a
    /// review it answers for every school on record; what is not known of it leads to referral, never to a silent no (D6).
    ///
    /// # Errors
    /// No criteria were in force, or a release it would rest on was not read to its end.
    pub(crate) fn profile(
        &self,
        urn: Urn,
        year: LeadingEdgeYear,
        as_at: NaiveDate,
    ) -> Result<Profile, Failure> {
        self.on_the_record(as_at, |evidence| {
            let Ground { basis, question, .. } = self.ground(evidence, year, as_at)?;
            let facts = evidence.facts_of(urn, &question).ok_or(Failure::NoSuchSchool { urn })?;
            Ok(Profile {
                finding: finding::find(&basis, &facts),
                criteria: basis.criteria.year,
                as_at,
                release: basis.release,
            })
        })
    }

    /// What a review for a year would look at, under the criteria in force on a day.
    pub(crate) fn ground(
        &self,
        evidence: &Evidence,
        year: LeadingEdgeYear,
        as_at: NaiveDate,
    ) -> Result<Ground, Failure> {
        let criteria = self.criteria_in_force(year, as_at, None)?;
        let question =
            ReviewQuestion { year, results: None, as_at, as_known_on: None, criteria: None };
        ground(evidence, criteria, &question)
    }
}

impl Office {
    /// Records a review that was run, where it decides and does not look at an earlier day than the one on record.
    ///
    /// # Errors
    /// A review that was closed stays as it is.
    pub async fn record_review(&mut self, reviewed: &Reviewed) -> Result<Recording, Failure> {
        if reviewed.standing != Decides::Yes {
            return Ok(Recording::Preview);
        }
        let on_record =
            self.desk().read.review(reviewed.basis.year)?.map(|(review, _)| review.as_at);
        match on_record {
            Some(day) if day > reviewed.basis.as_at => Ok(Recording::LaterOnRecord(day)),
            Some(_) | None => self.record(reviewed).await,
        }
    }

    /// Records a review that was run, also where it takes the place of one that looked at a later day, and where no
    /// threshold could be taken.
    ///
    /// # Errors
    /// A review that was closed stays as it is.
    pub async fn record_review_anyway(
        &mut self,
        reviewed: &Reviewed,
    ) -> Result<Recording, Failure> {
        match reviewed.standing {
            Decides::Yes | Decides::NoThreshold => self.record(reviewed).await,
            Decides::OnlyProvisional | Decides::WhatIf | Decides::NotYet => Ok(Recording::Preview),
        }
    }

    async fn record(&mut self, reviewed: &Reviewed) -> Result<Recording, Failure> {
        let command =
            review::Command::Run { basis: reviewed.basis.clone(), schools: reviewed.facts.clone() };
        let asked = self.asked(CommandId::mint());
        let done = self
            .ask::<membership::Review>(&reviewed.basis.year.to_string(), command, asked)
            .await?;
        self.settle(&crate::no_progress).await?;
        Ok(Recording::Events(done.events.len() as u64))
    }
}

/// What a review looks at, before it looks at any school.
pub(crate) struct Ground {
    pub(crate) basis: Basis,
    pub(crate) question: Question,
    standing: Decides,
}

/// The review itself, on evidence as it stood.
fn run(
    evidence: &Evidence,
    criteria: Adoption,
    question: &ReviewQuestion,
) -> Result<Reviewed, Failure> {
    let Ground { basis, question: looked_for, standing } = ground(evidence, criteria, question)?;
    let facts = evidence.facts(&looked_for);
    let findings: Vec<Finding> = facts.iter().map(|school| finding::find(&basis, school)).collect();
    let counts = review::counts(&findings);
    Ok(Reviewed { basis, as_known_on: question.as_known_on, counts, findings, facts, standing })
}

fn ground(
    evidence: &Evidence,
    criteria: Adoption,
    question: &ReviewQuestion,
) -> Result<Ground, Failure> {
    let release = release_reviewed(evidence, question)?;
    let terms = &criteria.terms;
    let threshold_of = |release: Release| {
        percentile(terms)
            .and_then(|percentile| evidence.threshold(release, percentile, &terms.population.kinds))
    };
    // A release without a single score has no threshold; the criteria say whether an older one stands in.
    let threshold = release
        .and_then(threshold_of)
        .or_else(|| stands_in(evidence, terms).and_then(threshold_of));
    let looked_for = Question {
        year: question.year,
        as_at: question.as_at,
        release,
        population: threshold.as_ref().map(|threshold| threshold.release).or(release),
        published_years: terms.staying.published_years,
        kinds: terms.population.kinds.clone(),
    };
    let standing = if question.criteria.is_some() || question.as_known_on.is_some() {
        Decides::WhatIf
    } else if release.is_some_and(|release| !release.standing.decides()) {
        Decides::OnlyProvisional
    } else if threshold.is_none() && percentile(terms).is_some() {
        Decides::NoThreshold
    } else {
        Decides::Yes
    };
    let basis = Basis { year: question.year, as_at: question.as_at, release, criteria, threshold };
    Ok(Ground { basis, question: looked_for, standing })
}

/// The release whose results the review looks at.  Asked for by name, a provisional one may be previewed; not asked
/// for, only a deciding one counts, and there may be none.
fn release_reviewed(
    evidence: &Evidence,
    question: &ReviewQuestion,
) -> Result<Option<Release>, Failure> {
    let year = question
        .results
        .unwrap_or_else(|| AcademicYear::ending(question.year.first_day_year() - 1));
    let half_read = evidence.incomplete().into_iter().find_map(|import| {
        let release =
            import.release.filter(|release| release.year == year && release.standing.decides())?;
        Some(Failure::HalfRead { release, file: import.file })
    });
    if let Some(half_read) = half_read {
        return Err(half_read);
    }
    let deciding = evidence.deciding_releases();
    let best_of =
        |year: AcademicYear| deciding.iter().copied().find(|release| release.year == year);
    let Some(asked) = question.results else {
        return Ok(best_of(year));
    };
    let all = evidence.releases();
    best_of(asked)
        .or_else(|| all.iter().copied().filter(|release| release.year == asked).max())
        .map(Some)
        .ok_or_else(|| Failure::NoResults {
            year: asked,
            as_at: question.as_at,
            as_known_on: question.as_known_on,
            known: if all.is_empty() {
                "none of any year were".to_owned()
            } else {
                let list: Vec<String> = all.iter().map(ToString::to_string).collect();
                format!("public then: {}", list.join(", "))
            },
        })
}

/// Where criteria let the newest published year stand in for one that nobody published.
fn stands_in(evidence: &Evidence, terms: &Terms) -> Option<Release> {
    match terms.without.progress8 {
        WithoutProgress8::LastPublished => evidence.deciding_releases().first().copied(),
        WithoutProgress8::Refer => None,
    }
}

/// The percentile that the criteria invite by.
pub(crate) fn percentile(terms: &Terms) -> Option<u8> {
    let ways = terms.invited.any.iter().chain(&terms.eligible.any);
    ways.flat_map(|way| &way.all).find_map(|condition| match condition {
        Condition::Percentile(percentile) => Some(*percentile),
        _ => None,
    })
}
