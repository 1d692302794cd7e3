//! A person whom the office deals with: the roles they hold, and whether they were forgotten.

use chrono::{Datelike, NaiveDate};
use cqrs_es::Aggregate;
use cqrs_es::event_sink::EventSink;
use kernel::{PersonId, Published, Sealed, Urn};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, VariantNames};

use crate::{Refusal, Role};

pub mod commands;
pub mod events;
#[cfg(test)]
mod tests;

pub use commands::Command;
pub use events::Event;

/// Why a person is forgotten.  A code and no words: words would stay.
#[derive(
    Clone,
    Copy,
    Debug,
    Deserialize,
    Display,
    EnumString,
    Eq,
    Hash,
    JsonSchema,
    PartialEq,
    Serialize,
    VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// The person asked for it (UK GDPR, article 17).
    Asked,
    /// The office needs to know no longer (article 5(1)(e)).
    Retention,
    /// They should never have been entered.
    Mistake,
}

/// What a person's stream says of them; not who they are.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Person {
    id: Option<PersonId>,
    roles: Vec<Held>,
    forgotten_on: Option<NaiveDate>,
}

/// A role at a school, from a day on.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
struct Held {
    urn: Urn,
    role: Role,
    from: NaiveDate,
    /// The last day, where it has one.
    until: Option<NaiveDate>,
}

/// What others are told of it (R40).
pub const PUBLISHED: Published = Published::of::<Event, Command>(
    Person::TYPE,
    "A person whom the office deals with at schools; who they are is sealed.",
    "the id of the person, a UUID",
    include_str!("../events/person.jsonl"),
);

impl Person {
    fn decide(&self, command: Command) -> Result<Vec<Event>, Refusal> {
        match command {
            Command::Add { urn, role, from, details } => self.add(urn, role, from, details),
            Command::Correct { details, on } => self.correct(details, on),
            Command::Take { urn, role, from } => self.take(urn, role, from),
            Command::End { urn, role, until } => self.end(urn, role, until),
            Command::Forget { reason, on } => self.forget(reason, on),
        }
    }

    fn add(
        &self,
        urn: Urn,
        role: Role,
        from: NaiveDate,
        details: Sealed,
    ) -> Result<Vec<Event>, Refusal> {
        match (self.id, self.roles.first()) {
            (None, _) => {
                in_range(from)?;
                Ok(vec![Event::ContactAdded { urn, role, from, details }])
            }
            (Some(_), Some(first)) if first.is(urn, role) && first.from == from => Ok(vec![]),
            (Some(_), _) => Err(Refusal::ContactAlready),
        }
    }

    fn correct(&self, details: Sealed, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        if self.known()? != details.person {
            return Err(Refusal::AnothersDetails);
        }
        in_range(on)?;
        Ok(vec![Event::ContactCorrected { details, on }])
    }

    fn take(&self, urn: Urn, role: Role, from: NaiveDate) -> Result<Vec<Event>, Refusal> {
        self.known()?;
        in_range(from)?;
        match self.last(urn, role) {
            Some(held) if held.until.is_none() && held.from == from => Ok(vec![]),
            Some(Held { until: None, from, .. }) => {
                Err(Refusal::HeldAlready { urn, role, from: *from })
            }
            Some(Held { until: Some(until), .. }) if from <= *until => {
                Err(Refusal::HeldBefore { urn, role, until: *until })
            }
            Some(_) | None => Ok(vec![Event::RoleTaken { urn, role, from }]),
        }
    }

    /// Also of somebody who was forgotten: the role is free for the next.
    fn end(&self, urn: Urn, role: Role, until: NaiveDate) -> Result<Vec<Event>, Refusal> {
        in_range(until)?;
        match self.last(urn, role) {
            Some(held) if held.until == Some(until) => Ok(vec![]),
            Some(Held { until: None, from, .. })
                if until.succ_opt().is_some_and(|it| it < *from) =>
            {
                Err(Refusal::EndedBefore { urn, role, from: *from, until })
            }
            Some(Held { until: None, .. }) => Ok(vec![Event::RoleEnded { urn, role, until }]),
            Some(_) => Err(Refusal::NotHeld { urn, role }),
            None if self.id.is_none() => Err(Refusal::NotAContact),
            None => Err(Refusal::NotHeld { urn, role }),
        }
    }

    fn forget(&self, reason: Reason, on: NaiveDate) -> Result<Vec<Event>, Refusal> {
        match (self.id, self.forgotten_on) {
            (None, _) => Err(Refusal::NotAContact),
            (Some(_), Some(_)) => Ok(vec![]),
            (Some(_), None) => {
                in_range(on)?;
                Ok(vec![Event::PersonForgotten { reason, on }])
            }
        }
    }

    /// Who it is, of whom something may still be said.
    fn known(&self) -> Result<PersonId, Refusal> {
        match (self.id, self.forgotten_on) {
            (None, _) => Err(Refusal::NotAContact),
            (Some(_), Some(on)) => Err(Refusal::Forgotten { on }),
            (Some(id), None) => Ok(id),
        }
    }

    fn last(&self, urn: Urn, role: Role) -> Option<&Held> {
        self.roles.iter().rev().find(|held| held.is(urn, role))
    }
}

impl Held {
    fn is(&self, urn: Urn, role: Role) -> bool {
        (self.urn, self.role) == (urn, role)
    }
}

/// What was mistyped must not be recorded: a day that no calendar of the office shows.
///
/// # Errors
/// It lies before 1990 or after 2100.
pub fn in_range(day: NaiveDate) -> Result<(), Refusal> {
    if (1990..=2100).contains(&day.year()) { Ok(()) } else { Err(Refusal::DayOutOfRange { day }) }
}

impl Aggregate for Person {
    const TYPE: &'static str = "contacts.person";
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
            Event::ContactAdded { urn, role, from, details } => {
                self.id = Some(details.person);
                self.roles.push(Held { urn, role, from, until: None });
            }
            Event::ContactCorrected { .. } => {}
            Event::RoleTaken { urn, role, from } => {
                self.roles.push(Held { urn, role, from, until: None });
            }
            Event::RoleEnded { urn, role, until } => {
                let held = self.roles.iter_mut().rev().find(|held| held.is(urn, role));
                held.into_iter().for_each(|held| held.until = Some(until));
            }
            Event::PersonForgotten { on, .. } => self.forgotten_on = Some(on),
        }
    }
}
