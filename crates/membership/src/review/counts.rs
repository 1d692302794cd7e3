//! How many schools have which answer.

use std::iter::Sum;
use std::ops::Add;

use kernel::Progress8;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Finding, Inspected, Outcome};

/// How many schools of the threshold's population (D3) have which answer.  (`graded`, `carried_over` and
/// `not_inspected` add up to the population.)
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
pub struct Counts {
    /// Lower confidence limit strictly above 0 in the results reviewed (D2).  `None`: limits were published for none.
    pub significant: Option<u32>,
    pub eligible: u32,
    pub invited: u32,
    /// With a graded inspection of its own.
    pub graded: u32,
    /// With the grade of its one predecessor.
    pub carried_over: u32,
    pub not_inspected: u32,
    /// The outcomes are what the data came to; what the steering group then judged is not in them.
    pub referral: u32,
    pub judgement: u32,
    pub not_eligible: u32,
}

/// Counts the findings of schools in the population.
#[must_use]
pub fn counts<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Counts {
    findings.into_iter().map(Counted::of).map(Counts::from).sum()
}

/// What one school counts for.  (Written as a tuple: a snapshot has thousands.)
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(from = "Written", into = "Written")]
pub(in crate::review) struct Counted {
    in_population: bool,
    /// `None`: the results reviewed have no limit for it.
    significant: Option<bool>,
    eligible: bool,
    invited: bool,
    inspected: Inspected,
    pub(in crate::review) outcome: Outcome,
}

type Written = (bool, Option<bool>, bool, bool, Inspected, Outcome);

impl Counted {
    pub(in crate::review) fn of(finding: &Finding) -> Self {
        Self {
            in_population: finding.in_population,
            significant: finding
                .lower
                .map(|cell| cell.published().is_some_and(|lower| lower > Progress8::ZERO)),
            eligible: finding.eligible,
            invited: finding.invited,
            inspected: finding.inspected,
            outcome: finding.outcome,
        }
    }
}

impl From<Written> for Counted {
    fn from(written: Written) -> Self {
        let (in_population, significant, eligible, invited, inspected, outcome) = written;
        Self { in_population, significant, eligible, invited, inspected, outcome }
    }
}

impl From<Counted> for Written {
    fn from(counted: Counted) -> Self {
        let Counted { in_population, significant, eligible, invited, inspected, outcome } = counted;
        (in_population, significant, eligible, invited, inspected, outcome)
    }
}

impl From<Counted> for Counts {
    fn from(school: Counted) -> Self {
        let one_if = |holds: bool| u32::from(holds && school.in_population);
        Self {
            significant: school.significant.filter(|_| school.in_population).map(u32::from),
            eligible: one_if(school.eligible),
            invited: one_if(school.invited),
            graded: one_if(school.inspected == Inspected::Here),
            carried_over: one_if(school.inspected == Inspected::AtPredecessor),
            not_inspected: one_if(school.inspected == Inspected::NotYet),
            referral: one_if(school.outcome == Outcome::Referral),
            judgement: one_if(school.outcome == Outcome::Judgement),
            not_eligible: one_if(school.outcome == Outcome::NotEligible),
        }
    }
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            significant: match (self.significant, other.significant) {
                (Some(some), Some(others)) => Some(some + others),
                (some, others) => some.or(others),
            },
            eligible: self.eligible + other.eligible,
            invited: self.invited + other.invited,
            graded: self.graded + other.graded,
            carried_over: self.carried_over + other.carried_over,
            not_inspected: self.not_inspected + other.not_inspected,
            referral: self.referral + other.referral,
            judgement: self.judgement + other.judgement,
            not_eligible: self.not_eligible + other.not_eligible,
        }
    }
}

impl Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), Add::add)
    }
}
