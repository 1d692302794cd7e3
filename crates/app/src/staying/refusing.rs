//! What is on record against a refusal that the office enters by hand.

use kernel::{Day, LeadingEdgeYear, Urn};
use membership::Outcome;
use membership::membership::WhyRefused;

use crate::{Desk, Failure};

/// How the network refuses in spite of what is on record (R16).
const IN_SPITE: &str =
    "a refusal in spite of it is the steering group's judgement, with its reason and minute";

impl Desk {
    /// Refused where the reason of a refusal is not what the cover or the review on record say.  A mark is asked of the
    /// membership itself, and the steering group may judge as it sees fit (D5).
    pub(super) fn is_not_contradicted(
        &self,
        urn: Urn,
        year: LeadingEdgeYear,
        why: &WhyRefused,
    ) -> Result<(), Failure> {
        let contradicts = match why {
            WhyRefused::NoCover => self.cover_against(urn, year)?,
            WhyRefused::NotEligible => self.finding_against(urn, year)?,
            WhyRefused::Marked | WhyRefused::Judgement { .. } => None,
        };
        match contradicts {
            Some(record) => Err(Failure::Refused(format!("{urn}: {record}; {IN_SPITE}"))),
            None => Ok(()),
        }
    }

    fn cover_against(&self, urn: Urn, year: LeadingEdgeYear) -> Result<Option<String>, Failure> {
        let first_day = year.first_day();
        let covered = self.read.cover_told()?.on(urn, first_day).covers(first_day).is_ok();
        Ok(covered.then(|| format!("on record its SSAT membership covers {}", Day(first_day))))
    }

    /// A school that the review did not look at is for the office to judge.
    fn finding_against(&self, urn: Urn, year: LeadingEdgeYear) -> Result<Option<String>, Failure> {
        let findings = self.read.findings_of(urn)?;
        let finding = findings.into_iter().find(|it| it.year == year && it.left_at.is_none());
        Ok(finding.filter(|finding| finding.outcome != Outcome::NotEligible).map(|finding| {
            format!("the review of {year} on record says `{}`", finding.outcome.in_words())
        }))
    }
}
