//! A grade of 3 or 4 while a member (R14, R15, D9).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::{Grade, LeadingEdgeYear, Source};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::membership::{Event, Membership};

/// An overall grade that Ofsted published.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Grading {
    pub grade: Grade,
    pub inspected_on: NaiveDate,
    /// The day from which it counts.
    pub published_on: NaiveDate,
    /// Where it stands, where that is known.
    pub source: Option<Source>,
}

/// Not eligible to renew.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Mark {
    pub grading: Grading,
    /// The first year that it bars: the first that was not agreed when it was recorded (D9).
    pub counts_for: LeadingEdgeYear,
}

/// What the inspections published since a school became a member say of its renewal.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub enum Marking {
    Unmarked,
    Marked(Mark),
    /// A later grade lifted the mark.
    Lifted(Grading),
}

/// The best grade that bars renewal (R14).
const BARS: Grade = Grade::RequiresImprovement;

impl Membership {
    /// Changes nothing before 31 March (R15): what is agreed stays agreed.
    pub(super) fn mark_not_eligible(&self, grading: Grading) -> Result<Vec<Event>, Refusal> {
        let member = self.member()?;
        if grading.grade < BARS {
            return Err(Refusal::GradeDoesNotMark { grade: grading.grade });
        }
        match &member.marking {
            Marking::Unmarked => {}
            Marking::Marked(mark) if mark.grading.is_the_same(&grading) => return Ok(vec![]),
            Marking::Marked(Mark { grading: before, .. }) | Marking::Lifted(before) => {
                before.is_not_newer_than(&grading)?;
            }
        }
        let next = member.term.year.next();
        let counts_for = member.mark_for(next).map_or(next, |mark| mark.counts_for);
        let renewed_on = member.term.renewed_on.filter(|_| grading.published_on < member.term.from);
        Ok(vec![Event::MarkedNotEligibleToRenew { grading, counts_for, renewed_on }])
    }

    pub(super) fn lift_mark(&self, grading: Grading) -> Result<Vec<Event>, Refusal> {
        let member = self.member()?;
        if grading.grade >= BARS {
            return Err(Refusal::GradeDoesNotLift { grade: grading.grade });
        }
        match &member.marking {
            Marking::Unmarked | Marking::Lifted(_) => Ok(vec![]),
            Marking::Marked(mark) => {
                mark.grading.is_not_newer_than(&grading)?;
                Ok(vec![Event::EligibilityRestored(grading)])
            }
        }
    }

    pub(super) fn offer_connections(
        &self,
        areas: BTreeSet<String>,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let member = self.member()?;
        if areas.iter().all(|area| area.trim().is_empty()) {
            return Err(Refusal::NoAreas);
        }
        if areas.is_subset(&member.connections) {
            return Ok(vec![]);
        }
        Ok(vec![Event::ConnectionsOffered { areas, on }])
    }
}

impl Grading {
    fn is_the_same(&self, other: &Self) -> bool {
        self.grade == other.grade && self.age() == other.age()
    }

    /// The later published speaks for a school, and of those published on one day the later inspected (D6).
    fn age(&self) -> (NaiveDate, NaiveDate) {
        (self.published_on, self.inspected_on)
    }

    fn is_not_newer_than(&self, other: &Self) -> Result<(), Refusal> {
        if self.age() > other.age() {
            let Self { grade, inspected_on, published_on, .. } = *self;
            return Err(Refusal::NewerInspectionSpeaks { grade, inspected_on, published_on });
        }
        Ok(())
    }
}
