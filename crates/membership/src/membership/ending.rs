//! How memberships end: on 31 March, or with the school itself (R11, R15).

use std::fmt;

use chrono::NaiveDate;
use kernel::{LeadingEdgeYear, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Refusal;
use crate::facts::{Cover, NoCover};
use crate::membership::{
    Departure, Event, Left, Member, Membership, Renewal, Standing, WhyRefused,
};

/// Why a membership was not renewed.
#[derive(Clone, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LapseReason {
    /// The school said yes and nothing forbade it, and it was not agreed by then; and in what was recorded before the two
    /// that follow were told apart: nobody agreed or refused anything.
    NotRenewed,
    /// The network did not offer renewal (R12).
    NeverOffered,
    /// The school did not answer the offer that stood.
    Unanswered,
    /// The network said no.
    Refused(WhyRefused),
    /// The school said no, for a reason it may have given.
    Declined(Option<String>),
}

/// Why a membership ended in the middle of a year: the school itself is no more.
#[derive(Clone, Copy, Debug, Deserialize, Eq, JsonSchema, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    Closed,
    /// The school went into another, which is a member in its own right.
    MergedInto(Urn),
}

impl Membership {
    /// 31 March is the last day, 1 April is not (R11); a renewed membership goes on.
    pub(super) fn lapse(
        &self,
        year: LeadingEdgeYear,
        cover: Option<&Cover>,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        if on <= year.last_day() {
            return Err(Refusal::TermRuns { until: year.last_day() });
        }
        let member = match &self.standing {
            Standing::Outside => return Err(Refusal::NotAMember { until: None }),
            Standing::Left(_) => return Ok(vec![]),
            Standing::Member(member) if member.term.year > year => return Ok(vec![]),
            Standing::Member(member) => member,
        };
        let last_day = member.term.until;
        let on = member.term.year.next().first_day();
        // Where nothing is known of its cover, nobody may say that it had none.
        let uncovered = cover.is_some_and(|cover| {
            matches!(cover.covers(on), Err(NoCover::NotAMember | NoCover::OtherDays))
        });
        let awaited_cover = uncovered && member.has_accepted();
        let reason = match member.lapses_because() {
            LapseReason::NotRenewed if awaited_cover => LapseReason::Refused(WhyRefused::NoCover),
            reason @ (LapseReason::NotRenewed
            | LapseReason::NeverOffered
            | LapseReason::Unanswered
            | LapseReason::Refused(_)
            | LapseReason::Declined(_)) => reason,
        };
        Ok(vec![Event::MembershipLapsed { last_day, reason, on }])
    }

    pub(super) fn end(&self, reason: EndReason, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        if let Standing::Left(Left { why: Departure::Ended(before), .. }) = &self.standing
            && *before == reason
        {
            return Ok(vec![]);
        }
        let member = self.member()?;
        member.was_one_on(on)?;
        Ok(vec![Event::MembershipEnded { reason, on }])
    }
}

impl Member {
    /// Whether it was a member on a day under this URN, as far as is agreed.
    pub(super) fn was_one_on(&self, day: NaiveDate) -> Result<(), Refusal> {
        if day > self.term.until {
            return Err(Refusal::TermOver { until: self.term.until });
        }
        if day < self.here_since {
            return Err(Refusal::NotYetMember { from: self.here_since });
        }
        Ok(())
    }

    /// Whether the school said yes, and the renewal was not agreed.
    fn has_accepted(&self) -> bool {
        matches!(self.renewal, Renewal::Accepted(_))
    }

    /// A mark that nobody put into a refusal is the reason all the same (R14).
    fn lapses_because(&self) -> LapseReason {
        let or_marked = |reason| match self.mark_for(self.term.year.next()) {
            Some(_) => LapseReason::Refused(WhyRefused::Marked),
            None => reason,
        };
        match &self.renewal {
            Renewal::Refused(why) => LapseReason::Refused(why.clone()),
            Renewal::Declined { reason, .. } => LapseReason::Declined(reason.clone()),
            Renewal::NotOffered => or_marked(LapseReason::NeverOffered),
            Renewal::Offered(_) => or_marked(LapseReason::Unanswered),
            Renewal::Accepted(_) => or_marked(LapseReason::NotRenewed),
        }
    }
}

impl fmt::Display for LapseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRenewed => f.write_str("not renewed"),
            Self::NeverOffered => f.write_str("not renewed, it was never offered"),
            Self::Unanswered => f.write_str("not renewed, its offer was not answered"),
            Self::Refused(why) => write!(f, "renewal refused, {why}"),
            Self::Declined(None) => f.write_str("its own wish"),
            Self::Declined(Some(reason)) => write!(f, "its own wish, {reason}"),
        }
    }
}
