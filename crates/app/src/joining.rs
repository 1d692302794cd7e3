//! Joining: from an application to the first day of membership (R4 to R10).
//!
//! The office says what happened and on which day; what a decision rests on besides is looked up here and goes with the
//! command: the data profile of a school that was not invited, SSAT cover on the first day, who is a member school.

use chrono::NaiveDate;
use kernel::{CommandId, LeadingEdgeYear, Urn};
use membership::Membership;
use membership::membership::Command;
use serde::Serialize;

use crate::{Desk, Failure, Office, no_progress};

mod accept;
mod apply;
mod case;
mod evidence;
mod extend;
mod list;
mod next;
mod steering;

pub use accept::{WayIn, WaysIn};
pub use apply::Applied;
pub use case::{
    AskedFor, Case, Closed, Decided, Deferral, Happened, Interest, Invited, ProfileDocument,
    Received, Referral, Reminder, RestsOn, School,
};
pub use extend::Extended;
pub use list::{ApplicationLine, ApplicationsAsked};
pub use next::{Next, Who};

/// What became of a wish.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Noted {
    /// It is on record now.
    New,
    /// It was on record before; nothing was written.
    Already,
}

impl Office {
    /// The school says no to its invitation for a year.  A no of a day on which there was time counts (R4), also when it is
    /// entered after the invitation expired.
    ///
    /// # Errors
    /// It was not invited, the no came after the last day to answer, or it applied by its invitation.
    pub async fn decline_invitation(
        &mut self,
        urn: Urn,
        year: LeadingEdgeYear,
        reason: Option<String>,
        on: Option<NaiveDate>,
    ) -> Result<Noted, Failure> {
        let on = self.day(on)?;
        self.ask_to_join(urn, Command::DeclineInvitation { year, reason, on }).await
    }

    /// The school takes its application back.
    ///
    /// # Errors
    /// There is none, it was declined, or the membership has started.
    pub async fn withdraw(
        &mut self,
        urn: Urn,
        reason: Option<String>,
        on: Option<NaiveDate>,
    ) -> Result<Noted, Failure> {
        let on = self.day(on)?;
        self.ask_to_join(urn, Command::Withdraw { reason, on }).await
    }

    /// The office declines an application that is not before the steering group.
    ///
    /// # Errors
    /// There is none that can be declined, or no reasons are given.
    pub async fn decline_application(
        &mut self,
        urn: Urn,
        reasons: String,
        on: Option<NaiveDate>,
    ) -> Result<Noted, Failure> {
        let on = self.day(on)?;
        self.ask_to_join(urn, Command::DeclineApplication { reasons, on }).await
    }

    /// Asks a school's membership, and lets follow what follows.
    async fn ask_to_join(&mut self, urn: Urn, command: Command) -> Result<Noted, Failure> {
        let noted = self.ask_alone(urn, command).await?;
        self.settle(&no_progress).await?;
        Ok(noted)
    }

    /// Asks a school's membership.  A refusal names the school.
    async fn ask_alone(&self, urn: Urn, command: Command) -> Result<Noted, Failure> {
        let name = self.desk().school_name(urn)?;
        let asked = self.asked(CommandId::mint());
        let done = self.ask::<Membership>(&urn.to_string(), command, asked).await;
        let done = done.map_err(|failure| match failure {
            Failure::Refused(why) => Failure::Refused(format!("{urn} {name}: {why}")),
            other => other,
        })?;
        Ok(if done.events.is_empty() { Noted::Already } else { Noted::New })
    }
}

impl Desk {
    /// What a school is called: by the register, or else by its own dealings with the network.
    ///
    /// # Errors
    /// Nothing is on record of it.
    pub(crate) fn school_name(&self, urn: Urn) -> Result<String, Failure> {
        let school = self.read.school(urn)?;
        let is_on_record = school.is_some();
        if let Some(name) = school.and_then(|school| school.name) {
            return Ok(name);
        }
        match self.read.membership(urn)? {
            Some(row) => Ok(row.name.unwrap_or_else(|| "(no name on record)".to_owned())),
            None if is_on_record => Ok("(no name on record)".to_owned()),
            None => Err(Failure::NoSuchSchool { urn }),
        }
    }
}
