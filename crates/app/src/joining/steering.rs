//! Before the steering group: referral, deferral, interests, the decision (R6, R37).

use chrono::NaiveDate;
use kernel::{Day, Urn};
use membership::membership::{Command, Decision};

use super::Noted;
use crate::{Desk, Failure, Office};

impl Office {
    /// Puts an application before the steering group's meeting of a day.
    ///
    /// # Errors
    /// No application of the school is to be referred; nothing is asked, no reason is given, or the meeting is past.
    pub async fn refer(
        &mut self,
        urn: Urn,
        question: String,
        why: String,
        meeting_on: NaiveDate,
        on: Option<NaiveDate>,
    ) -> Result<Noted, Failure> {
        let on = self.day(on)?;
        self.ask_to_join(urn, Command::Refer { question, why, meeting_on, on }).await
    }

    /// The steering group puts an application off to a later meeting.
    ///
    /// # Errors
    /// It is not before the group, the day is not later, or no reason is given.
    pub async fn defer(
        &mut self,
        urn: Urn,
        to: NaiveDate,
        why: String,
        on: Option<NaiveDate>,
    ) -> Result<Noted, Failure> {
        let on = self.day(on)?;
        self.ask_to_join(urn, Command::Defer { to, why, on }).await
    }

    /// The headteacher of a member school has an interest in an application and is not among those who decide.
    ///
    /// # Errors
    /// The application is not before the group, or the school is no member on the day (R37).
    pub async fn declare_interest(
        &mut self,
        urn: Urn,
        school: Urn,
        on: Option<NaiveDate>,
    ) -> Result<Noted, Failure> {
        let on = self.day(on)?;
        self.desk().must_be_member(school, on)?;
        self.ask_to_join(urn, Command::DeclareInterest { school, on }).await
    }

    /// What the steering group decided, and which member schools' headteachers did (R37).
    ///
    /// # Errors
    /// One of those schools is no member on the day, or declared an interest; the day has not come, or is before the
    /// meeting; reasons, the minute or, for a yes, evidence is missing; it was decided otherwise before.
    pub async fn decide(&mut self, urn: Urn, decision: Decision) -> Result<Noted, Failure> {
        self.day(Some(decision.on))?;
        for school in &decision.decided_by {
            self.desk().must_be_member(*school, decision.on)?;
        }
        self.ask_to_join(urn, Command::DecideReferral(decision)).await
    }
}

impl Desk {
    /// The steering group are headteachers from within the network (R37).
    fn must_be_member(&self, school: Urn, on: NaiveDate) -> Result<(), Failure> {
        let name = self.school_name(school)?;
        let row = self.read.membership(school)?;
        if row.is_some_and(|row| row.is_member_on(on)) {
            return Ok(());
        }
        Err(Failure::Refused(format!(
            "{school} {name} was no member school on {}; the steering group are headteachers of member schools",
            Day(on)
        )))
    }
}
