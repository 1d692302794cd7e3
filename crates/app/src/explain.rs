//! Why a school is eligible, invited, may stay, or not: clause by clause, down to file and line (R16).

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use projections::findings::Row;
use serde::Serialize;

use crate::review::{ClauseDocument, InForce, SchoolDocument, ThresholdDocument};
use crate::{Desk, Document, Failure, Recording, ReviewQuestion};

/// One school under one review.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    pub year: LeadingEdgeYear,
    pub as_at: NaiveDate,
    pub as_known_on: Option<NaiveDate>,
    pub criteria: InForce,
    pub decides: bool,
    pub threshold: Option<ThresholdDocument>,
    pub school: SchoolDocument,
    /// Whether this is what a review on record found, as it found it; else it is answered anew.
    pub from_record: bool,
    /// What the reviews on record found of it.
    pub on_record: Vec<OnRecord>,
}

/// A finding of a review on record.
#[derive(Clone, Debug, Serialize)]
pub struct OnRecord {
    pub year: LeadingEdgeYear,
    /// The day that review looked at.
    pub as_at: Option<NaiveDate>,
    pub eligible: bool,
    pub invited: bool,
    pub outcome: membership::Outcome,
    /// What the steering group judged; where it judged twice, the last (D5).
    pub judgement: Option<Judgement>,
    /// Which fact it rested on was corrected or revised since (D17).
    pub decided_on_old_data: Option<String>,
    /// Whether the school has left that review since.
    pub left_review: bool,
    pub clauses: Vec<ClauseDocument>,
}

/// What the steering group judged, and on what it rests (R16).
#[derive(Clone, Debug, Serialize)]
pub struct Judgement {
    pub verdict: membership::review::Verdict,
    pub reason: String,
    pub minute: String,
    pub on: NaiveDate,
}

impl Desk {
    /// Explains a school under the review that is asked for, and tells what the reviews on record found of it.
    ///
    /// # Errors
    /// The school is not on record, or not one that a review looks at; or the review cannot be run.
    pub fn explain(&self, urn: Urn, question: &ReviewQuestion) -> Result<Explanation, Failure> {
        if self.read.school(urn)?.is_none() {
            return Err(Failure::NoSuchSchool { urn });
        }
        let document = Document::of(&self.review(question)?, Recording::Preview);
        let school = document
            .schools
            .into_iter()
            .find(|school| school.urn == urn)
            .ok_or(Failure::NotReviewed { urn, year: document.year, as_at: document.as_at })?;
        Ok(Explanation {
            year: document.year,
            as_at: document.as_at,
            as_known_on: document.as_known_on,
            criteria: document.criteria,
            decides: document.decides,
            threshold: document.threshold,
            school,
            from_record: false,
            on_record: self.on_record(urn)?,
        })
    }

    /// What the review of a year on record, or the newest one that looked at it, found of a school: as it was found, with
    /// the clauses that were kept (R16).  `None`: none did.
    ///
    /// # Errors
    /// The read models cannot be read.
    pub fn explain_from_record(
        &self,
        urn: Urn,
        year: Option<LeadingEdgeYear>,
    ) -> Result<Option<Explanation>, Failure> {
        let findings = self.read.findings_of(urn)?;
        let asked = |finding: &Row| year.is_none_or(|year| finding.year == year);
        let Some(finding) = findings.into_iter().rev().find(asked) else { return Ok(None) };
        let Some((review, _)) = self.read.review(finding.year)? else { return Ok(None) };
        let undecodable = |position| move |source| Failure::Undecodable { position, source };
        let basis = review.basis().map_err(undecodable(review.position))?;
        let clauses = finding.clauses().map_err(undecodable(finding.position))?;
        Ok(Some(Explanation {
            year: basis.year,
            as_at: basis.as_at,
            as_known_on: None,
            criteria: InForce::of(&basis.criteria),
            decides: true,
            threshold: basis.threshold.as_ref().map(ThresholdDocument::of),
            school: SchoolDocument {
                urn,
                name: finding.name,
                in_population: finding.in_population,
                eligible: finding.eligible,
                invited: finding.invited,
                outcome: finding.outcome,
                grade: finding.grade,
                carried_from: finding.carried_from,
                progress8: finding.progress8.map(|score| f64::from(score.hundredths()) / 100.0),
                clauses: clauses.iter().map(ClauseDocument::of).collect(),
            },
            from_record: true,
            on_record: self.on_record(urn)?,
        }))
    }

    fn on_record(&self, urn: Urn) -> Result<Vec<OnRecord>, Failure> {
        let reviews = self.read.reviews()?;
        let looked_at =
            |year| reviews.iter().find(|review| review.year == year).map(|review| review.as_at);
        let findings = self.read.findings_of(urn)?.into_iter().map(|finding| {
            let clauses = finding
                .clauses()
                .map_err(|source| Failure::Undecodable { position: finding.position, source })?;
            let judgement = Judgement::of(&finding);
            Ok(OnRecord {
                year: finding.year,
                as_at: looked_at(finding.year),
                eligible: finding.eligible,
                invited: finding.invited,
                outcome: finding.outcome,
                judgement,
                decided_on_old_data: finding.decided_on_old_data,
                left_review: finding.left_at.is_some(),
                clauses: clauses.iter().map(ClauseDocument::of).collect(),
            })
        });
        findings.collect()
    }
}

impl Judgement {
    pub(crate) fn of(finding: &Row) -> Option<Self> {
        Some(Self {
            verdict: finding.verdict?,
            reason: finding.verdict_reason.clone()?,
            minute: finding.verdict_minute.clone()?,
            on: finding.verdict_on?,
        })
    }
}
