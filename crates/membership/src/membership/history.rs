//! The memberships a school had before, also those before this system (R38): *member since* and *continuous since*.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use kernel::{LeadingEdgeYear, Urn};
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::membership::{Event, Membership, Standing};

/// The year in which the network began; an earlier day is a slip of the pen.
const NETWORK_BEGAN: i32 = 2003;

/// Memberships that are over.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct History {
    /// The last day of each, by its first day.  No two overlap, but where one was spent at a predecessor.
    pub(super) periods: BTreeMap<NaiveDate, NaiveDate>,
    /// The first day of membership at a predecessor, where a membership was taken over (D12).
    pub(super) at_predecessor: Option<NaiveDate>,
    /// The predecessors whose memberships were taken over.
    pub(super) taken_over: BTreeSet<Urn>,
}

impl History {
    /// The first day it was ever a member, if a membership begins on `from`.
    pub(super) fn member_since(&self, from: NaiveDate) -> NaiveDate {
        let first = self.periods.keys().next().copied();
        [first, self.at_predecessor].into_iter().flatten().fold(from, NaiveDate::min)
    }

    /// The first day of the unbroken run that a membership beginning on `from` belongs to: one that ended the day before
    /// is the same run.
    pub(super) fn continuous_since(&self, from: NaiveDate) -> NaiveDate {
        self.periods.range(..from).rev().fold(from, |since, (first, last)| {
            if last.succ_opt() == Some(since) { *first } else { since }
        })
    }

    /// A membership may begin only after those on record.
    pub(super) fn is_over_by(&self, first_day: NaiveDate) -> Result<(), Refusal> {
        match self.periods.values().next_back() {
            Some(until) if *until >= first_day => Err(Refusal::StillMemberThen { until: *until }),
            Some(_) | None => Ok(()),
        }
    }

    fn with(&self, from: NaiveDate, last_day: NaiveDate) -> Self {
        let mut history = self.clone();
        history.periods.insert(from, last_day);
        history
    }

    fn overlapping(&self, from: NaiveDate, last_day: NaiveDate) -> Option<Refusal> {
        self.periods
            .iter()
            .find(|(first, last)| **first <= last_day && from <= **last)
            .map(|(first, last)| Refusal::Overlaps { from: *first, last_day: *last })
    }
}

impl Membership {
    pub(super) fn record_past(
        &self,
        from: NaiveDate,
        last_day: NaiveDate,
        reason: String,
    ) -> Result<Vec<Event>, Refusal> {
        if self.history.periods.get(&from) == Some(&last_day) {
            return Ok(vec![]);
        }
        fits_the_network(from, last_day)?;
        if reason.trim().is_empty() {
            return Err(Refusal::WhyMissing);
        }
        if let Some(refusal) = self.history.overlapping(from, last_day) {
            return Err(refusal);
        }
        let history = self.history.with(from, last_day);
        let latest = match &self.standing {
            Standing::Member(member) if last_day >= member.from => {
                let (from, last_day) = (member.from, member.term.until);
                return Err(Refusal::Overlaps { from, last_day });
            }
            Standing::Member(member) => member.from,
            Standing::Outside | Standing::Left(_) => {
                history.periods.keys().next_back().copied().unwrap_or(from)
            }
        };
        Ok(vec![
            Event::EarlierMembershipStarted {
                from,
                member_since: history.member_since(latest),
                continuous_since: history.continuous_since(latest),
            },
            Event::EarlierMembershipEnded { from, last_day, reason },
        ])
    }

    pub(super) fn record_running(
        &self,
        from: NaiveDate,
        year: LeadingEdgeYear,
    ) -> Result<Vec<Event>, Refusal> {
        let until = year.last_day();
        // It ran in that year, and was recorded; that it is over since takes nothing from it.
        let ran_in_it = |last: &NaiveDate| *last >= year.first_day().max(from);
        if self.history.periods.get(&from).is_some_and(ran_in_it) {
            return Ok(vec![]);
        }
        match &self.standing {
            Standing::Outside => {}
            Standing::Left(left) => left.may_return()?,
            Standing::Member(member) if member.from == from && member.term.year >= year => {
                return Ok(vec![]);
            }
            Standing::Member(member) => {
                return Err(Refusal::AMemberAlready { until: member.term.until });
            }
        }
        fits_the_network(from, until)?;
        self.history.is_over_by(from)?;
        if let Ok(application) = self.open_application() {
            return Err(Refusal::ApplicationOpen { year: application.year });
        }
        let member_since = self.history.member_since(from);
        let continuous_since = self.history.continuous_since(from);
        Ok(vec![
            Event::EarlierMembershipStarted { from, member_since, continuous_since },
            Event::EarlierMembershipRuns { from, year, until, member_since, continuous_since },
        ])
    }
}

fn fits_the_network(from: NaiveDate, last_day: NaiveDate) -> Result<(), Refusal> {
    if last_day < from {
        return Err(Refusal::EndsBeforeItBegins { from, last_day });
    }
    if from.year() < NETWORK_BEGAN {
        return Err(Refusal::BeforeTheNetwork { from });
    }
    Ok(())
}
