//! One school's way through the network; so far, up to its invitation.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{Grade, LeadingEdgeYear, Progress8, Release};
use serde::{Deserialize, Serialize};

use crate::Refusal;

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::Event;

/// An invitation to join for a year, with what it rests on: an invited school needs no further evidence (R4).
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Invitation {
    pub year: LeadingEdgeYear,
    pub on: NaiveDate,
    pub name: String,
    /// The overall grade it rests on.  `None`: the criteria looked at a report card, or at grades by area (D8).
    pub grade: Option<Grade>,
    /// `None`: the criteria asked for no results.
    pub progress8: Option<Progress8>,
    /// The release of results and the threshold, in ten-thousandths, that it was on or above.  `None`: the criteria
    /// asked for none.
    pub release: Option<Release>,
    pub threshold: Option<i32>,
    /// The review that found it, by the day it looked at.
    pub reviewed_as_at: NaiveDate,
}

/// Invitations go to schools that Ofsted graded 2 or better (R3), whatever a year's criteria add to that.
pub(crate) const POOREST_INVITED: Grade = Grade::Good;

/// How a school stands with the network.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub enum Membership {
    #[default]
    Outside,
    /// Invited, in each of these years.
    Invited { years: BTreeSet<LeadingEdgeYear> },
}

impl Membership {
    /// Every question a membership can be asked, and who answers it.
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Invite(invitation) => self.invite(invitation),
        }
    }

    /// Once a year: the first invitation stands.
    fn invite(&self, invitation: Invitation) -> Result<Vec<Event>, Refusal> {
        if self.is_invited_for(invitation.year) {
            return Ok(vec![]);
        }
        invitation.deserved()?;
        Ok(vec![Event::SchoolInvited(invitation)])
    }

    fn is_invited_for(&self, year: LeadingEdgeYear) -> bool {
        match self {
            Self::Outside => false,
            Self::Invited { years } => years.contains(&year),
        }
    }
}

impl Invitation {
    /// Who is invited is the finding of a review, under its criteria; what no criteria of the network may do is refused
    /// here once more: invite below 2 (R3), or on provisional results (D4).
    fn deserved(&self) -> Result<(), Refusal> {
        if let Some(grade) = self.grade.filter(|grade| *grade > POOREST_INVITED) {
            return Err(Refusal::GradeTooPoorToInvite { grade });
        }
        if let Some(release) = self.release.filter(|release| !release.standing.decides()) {
            return Err(Refusal::Provisional { release });
        }
        Ok(())
    }
}

impl Aggregate for Membership {
    const TYPE: &'static str = "membership.membership";
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
        match event {
            Event::SchoolInvited(Invitation { year, .. }) => match self {
                Self::Outside => *self = Self::Invited { years: BTreeSet::from([year]) },
                Self::Invited { years } => {
                    years.insert(year);
                }
            },
        }
    }
}
