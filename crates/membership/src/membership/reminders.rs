//! What a school is reminded and warned of, once each (D10).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

use crate::Refusal;
use crate::membership::{Event, Invited, Membership, Renewal, Standing};

/// What a school may be reminded of.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    IntoStaticStr,
    JsonSchema,
    Ord,
    PartialEq,
    PartialOrd,
    Serialize,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    InvitationAnswer,
    Evidence,
    RenewalAnswer,
}

/// The reminders that were sent or skipped: the step, and the day on which it was due.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Reminders(BTreeSet<(Step, NaiveDate)>);

impl Reminders {
    pub(super) fn note(&mut self, step: Step, due: NaiveDate) {
        self.0.insert((step, due));
    }

    fn has(&self, step: Step, due: NaiveDate) -> bool {
        self.0.contains(&(step, due))
    }
}

/// Whether something is still awaited.
enum Awaited {
    Yes,
    /// Why not.
    No(&'static str),
}

impl Membership {
    /// Once a step and due day; what was answered meanwhile is skipped, and that is kept too.
    pub(super) fn remind(
        &self,
        step: Step,
        due: NaiveDate,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        if self.reminders.has(step, due) {
            return Ok(vec![]);
        }
        Ok(vec![match self.awaited(step, due)? {
            Awaited::Yes => Event::Reminded { step, due, on },
            Awaited::No(why) => Event::ReminderSkipped { step, due, why: why.to_owned(), on },
        }])
    }

    /// `why` is why the school is not reminded although it should be; where nothing is awaited any more, that is why.
    pub(super) fn skip_reminder(
        &self,
        step: Step,
        due: NaiveDate,
        why: String,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        if self.reminders.has(step, due) {
            return Ok(vec![]);
        }
        let awaited = self.awaited(step, due)?;
        if why.trim().is_empty() {
            return Err(Refusal::WhyMissing);
        }
        let why = match awaited {
            Awaited::Yes => why,
            Awaited::No(answered) => answered.to_owned(),
        };
        Ok(vec![Event::ReminderSkipped { step, due, why, on }])
    }

    /// A warning only: the membership runs on to 31 March (D10).  Cover that ended on the day before it covers none of it.
    pub(super) fn warn_of_cover(
        &self,
        ends_on: NaiveDate,
        on: NaiveDate,
    ) -> Result<Vec<Event>, Refusal> {
        let member = self.member()?;
        if member.cover_ends == Some(ends_on) {
            return Ok(vec![]);
        }
        if ends_on.succ_opt().is_some_and(|day| day < member.from) || ends_on >= member.term.until {
            return Err(Refusal::CoverEndsOutside { ends_on });
        }
        Ok(vec![Event::CoverEnding { ends_on, on }])
    }

    fn awaited(&self, step: Step, due: NaiveDate) -> Result<Awaited, Refusal> {
        match step {
            Step::InvitationAnswer => self.invitation_awaited(due),
            Step::Evidence => self.evidence_awaited(due),
            Step::RenewalAnswer => self.renewal_awaited(due),
        }
        .ok_or(Refusal::NothingDue { step, due })
    }

    fn invitation_awaited(&self, due: NaiveDate) -> Option<Awaited> {
        let invited = self.invitations.values().rev().find(|it| it.until() == Some(due))?;
        Some(match invited {
            Invited::Open { .. } => Awaited::Yes,
            Invited::Taken { .. } => Awaited::No("the school has applied"),
            Invited::Declined { .. } => Awaited::No("the school has declined the invitation"),
            Invited::Expired { .. } => Awaited::No("the invitation has expired"),
        })
    }

    fn evidence_awaited(&self, due: NaiveDate) -> Option<Awaited> {
        let application = self.application.as_ref()?;
        application.evidence.asked.as_ref().filter(|asked| asked.due == due)?;
        Some(match (application.closed(), application.evidence.answered) {
            (Some(_), _) => Awaited::No("the application is closed"),
            (None, true) => Awaited::No("evidence was received"),
            (None, false) => Awaited::Yes,
        })
    }

    fn renewal_awaited(&self, due: NaiveDate) -> Option<Awaited> {
        let Standing::Member(member) = &self.standing else { return None };
        member.answer_by.filter(|answer_by| *answer_by == due)?;
        Some(match &member.renewal {
            Renewal::Offered(offer) if offer.answer_by == Some(due) => Awaited::Yes,
            Renewal::Offered(_) | Renewal::NotOffered => Awaited::No("the membership is renewed"),
            Renewal::Accepted(_) => Awaited::No("the school has accepted renewal"),
            Renewal::Refused(_) => Awaited::No("renewal was refused"),
            Renewal::Declined { .. } => Awaited::No("the school has declined renewal"),
        })
    }
}
