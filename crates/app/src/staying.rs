//! Staying: the annual review confirmed, what schools answer, what a year costs, and the roll of members (R10 to R15).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use kernel::{CommandId, LeadingEdgeYear, Urn};
use membership::membership::Command;
use membership::review::{self, Verdict};

use crate::{Failure, Office, no_progress};

mod carrying;
mod fee;
mod member;
mod offering;
mod past;
mod refusing;
mod rehearse;
mod renewals;
mod replies;
mod roll;
mod terms;
#[cfg(test)]
mod tests;
mod waiting;

pub use carrying::CarriedOver;
pub use fee::FeeSet;
pub use member::{
    ApplicationTold, CoverPage, CoverSpell, InvitationTold, MarkTold, MemberPage, NextStep,
    RenewalTold,
};
pub use offering::Offering;
pub use past::MembersImported;
pub(crate) use rehearse::Rehearsal;
pub use renewals::{Count, OldData, Renewals, Renewing, Stands};
pub use replies::{Became, Reply, StandsAgain, TakenBack};
pub use roll::{ClosedSchool, Covered, OnRoll, Only, Roll, RollCounts, RollFilter, RollSort};
pub use terms::AgreedTerm;
pub use waiting::MembersWaiting;

impl Office {
    /// Records the steering group's judgement on a school that the data do not decide (R6, D5, R37).  Answers how
    /// many events that made; 0: it was judged so before, and nothing was written.
    ///
    /// # Errors
    /// Refused for a school that the data decide, without reason or minute, and in a closed review.
    pub async fn judge(
        &mut self,
        year: LeadingEdgeYear,
        urn: Urn,
        verdict: Verdict,
        reason: String,
        minute: String,
        on: NaiveDate,
    ) -> Result<usize, Failure> {
        let command = review::Command::Judge { urn, verdict, reason, minute, on };
        let asked = self.asked(CommandId::mint());
        let done = self.ask::<membership::Review>(&year.to_string(), command, asked).await?;
        self.settle(&no_progress).await?;
        Ok(done.events.len())
    }

    /// Offers a marked member connections in the network that support its development areas (R15), by hand.
    ///
    /// # Errors
    /// It must be a member, and the areas be named.
    pub async fn connect(
        &mut self,
        urn: Urn,
        areas: BTreeSet<String>,
        on: NaiveDate,
    ) -> Result<(), Failure> {
        self.of_membership(urn, Command::OfferConnections { areas, on }).await.map(drop)
    }
}
