//! The annual review of one Leading Edge year.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{LeadingEdgeYear, Published, Release, Threshold, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::criteria::Adoption;
use crate::refusal::not_before;
use crate::{Finding, Outcome, Refusal, SchoolFacts, find};

pub mod commands;
mod counts;
pub mod events;
mod kept;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use counts::{Counts, counts};
pub use events::Event;
use kept::Kept;

/// What a review rests on.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Basis {
    pub year: LeadingEdgeYear,
    /// Facts public on or before this day count.
    pub as_at: NaiveDate,
    /// The release of results reviewed; `None`: none was published by then.
    pub release: Option<Release>,
    /// The criteria in force, and whose year they were adopted for.
    pub criteria: Adoption,
    pub threshold: Option<Threshold>,
}

/// The steering group's judgement.
#[derive(
    Clone, Copy, Debug, Deserialize, Eq, Hash, JsonSchema, PartialEq, Serialize, strum::Display,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Verdict {
    Eligible,
    NotEligible,
}

/// One year's review, as far as the next question needs it.  It keeps of each finding its outcome, what it counts for
/// and a digest, so that a review of the whole nation stays small.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[expect(clippy::large_enum_variant, reason = "there is one review a year")]
pub enum Review {
    #[default]
    NotOpened,
    Open(Open),
    Closed {
        on: NaiveDate,
    },
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Open {
    basis: Basis,
    schools: BTreeMap<Urn, Kept>,
    judgements: BTreeMap<Urn, Judgement>,
}

/// What the steering group said last of one school.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Judgement {
    verdict: Verdict,
    reason: String,
    minute: String,
    on: NaiveDate,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Review::TYPE,
    "The annual review of a Leading Edge year: the criteria held against every school (R3, R12).",
    "the Leading Edge year, such as `2019-20`",
    include_str!("../events/review.jsonl"),
);

impl Review {
    /// Every question a review can be asked, and who answers it.
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Run { basis, schools } => self.run(basis, schools),
            Command::Judge { urn, verdict, reason, minute, on } => {
                self.judge(urn, Judgement { verdict, reason, minute, on })
            }
            Command::Close { on } => self.close(on),
        }
    }

    fn run(&self, basis: Basis, schools: Vec<SchoolFacts>) -> Result<Vec<Event>, Refusal> {
        match self {
            Self::NotOpened => {
                let findings = findings(&basis, schools)?;
                Ok([Event::AnnualReviewOpened(basis)]
                    .into_iter()
                    .chain(findings.into_iter().map(Event::SchoolReviewed))
                    .collect())
            }
            Self::Open(open) => open.again(basis, schools),
            Self::Closed { on } => Err(Refusal::ReviewClosed { on: *on }),
        }
    }

    fn judge(&self, urn: Urn, judgement: Judgement) -> Result<Vec<Event>, Refusal> {
        match self {
            Self::NotOpened => Err(Refusal::ReviewNotOpened),
            Self::Open(open) => open.judge(urn, judgement),
            Self::Closed { on } => Err(Refusal::ReviewClosed { on: *on }),
        }
    }

    fn close(&self, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        match self {
            Self::NotOpened => Err(Refusal::ReviewNotOpened),
            Self::Open(open) => open.close(on),
            Self::Closed { .. } => Ok(vec![]),
        }
    }
}

impl Open {
    /// Records only what differs from what was found before.
    fn again(&self, basis: Basis, schools: Vec<SchoolFacts>) -> Result<Vec<Event>, Refusal> {
        if basis.year != self.basis.year {
            return Err(Refusal::ReviewOfAnotherYear { this: self.basis.year, that: basis.year });
        }
        let findings = findings(&basis, schools)?;
        let reviewed: BTreeSet<Urn> = findings.iter().map(|finding| finding.urn).collect();
        let left = self.schools.keys().filter(|urn| !reviewed.contains(urn));
        let left: Vec<Event> = left.map(|urn| Event::SchoolLeftReview { urn: *urn }).collect();
        let changed: Vec<Event> = findings
            .into_iter()
            .filter(|finding| self.schools.get(&finding.urn) != Some(&Kept::of(finding)))
            .map(Event::SchoolReviewed)
            .collect();
        if basis == self.basis && changed.is_empty() && left.is_empty() {
            return Ok(vec![]);
        }
        Ok([Event::AnnualReviewRepeated(basis)].into_iter().chain(changed).chain(left).collect())
    }

    fn judge(&self, urn: Urn, judgement: Judgement) -> Result<Vec<Event>, Refusal> {
        let Some(kept) = self.schools.get(&urn) else { return Err(Refusal::NotReviewed { urn }) };
        if self.judgements.get(&urn) == Some(&judgement) {
            return Ok(vec![]);
        }
        if judgement.reason.trim().is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        if judgement.minute.trim().is_empty() {
            return Err(Refusal::MinuteMissing);
        }
        self.must_decide()?;
        match kept.outcome() {
            Outcome::Judgement | Outcome::Referral => {}
            outcome @ (Outcome::Renew | Outcome::RenewNotedDip | Outcome::NotEligible) => {
                return Err(Refusal::NothingToJudge { urn, outcome });
            }
        }
        let Judgement { verdict, reason, minute, on } = judgement;
        not_before(self.basis.as_at, "the review looks at", on)?;
        Ok(vec![Event::JudgementRecorded { urn, verdict, reason, minute, on }])
    }

    /// A review covers the whole nation, and nearly all schools that the data do not decide are no members: nobody will
    /// ever judge them.  So an open judgement or referral does not keep a review open; the counts say how many the data
    /// left to the steering group.
    fn close(&self, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        self.must_decide()?;
        let counts = self.schools.values().map(|kept| Counts::from(kept.counted())).sum();
        Ok(vec![Event::AnnualReviewClosed { on, counts }])
    }

    /// Provisional results may be looked at, and looked at again when the final ones are out; they decide nothing (D4).
    fn must_decide(&self) -> Result<(), Refusal> {
        match self.basis.release.filter(|release| !release.standing.decides()) {
            Some(release) => Err(Refusal::Provisional { release }),
            None => Ok(()),
        }
    }
}

/// One finding for each school, ascending by URN.
fn findings(basis: &Basis, schools: Vec<SchoolFacts>) -> Result<Vec<Finding>, Refusal> {
    if schools.is_empty() {
        return Err(Refusal::NobodyToReview);
    }
    let mut findings: Vec<Finding> = schools.iter().map(|facts| find(basis, facts)).collect();
    findings.sort_by_key(|finding| finding.urn);
    match findings.windows(2).find(|pair| pair[0].urn == pair[1].urn) {
        Some(pair) => Err(Refusal::ReviewedTwice { urn: pair[0].urn }),
        None => Ok(findings),
    }
}

impl Aggregate for Review {
    const TYPE: &'static str = "membership.review";
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
        match (&mut *self, event) {
            (_, Event::AnnualReviewOpened(basis)) => {
                let (schools, judgements) = Default::default();
                *self = Self::Open(Open { basis, schools, judgements });
            }
            (_, Event::AnnualReviewClosed { on, counts: _ }) => *self = Self::Closed { on },
            (Self::Open(open), Event::AnnualReviewRepeated(basis)) => open.basis = basis,
            (Self::Open(open), Event::SchoolReviewed(finding)) => {
                open.schools.insert(finding.urn, Kept::of(&finding));
            }
            (Self::Open(open), Event::SchoolLeftReview { urn }) => {
                open.schools.remove(&urn);
            }
            (Self::Open(open), Event::JudgementRecorded { urn, verdict, reason, minute, on }) => {
                open.judgements.insert(urn, Judgement { verdict, reason, minute, on });
            }
            // Nothing of this is ever recorded before a review opens or after it closes.
            (
                Self::NotOpened | Self::Closed { .. },
                Event::AnnualReviewRepeated(_)
                | Event::SchoolReviewed(_)
                | Event::SchoolLeftReview { .. }
                | Event::JudgementRecorded { .. },
            ) => {}
        }
    }
}
