//! Everything that is held about a person, for the person who asks (UK GDPR, article 15).

use std::ops::ControlFlow;

use chrono::{DateTime, NaiveDate, Utc};
use contacts::Details;
use contacts::person::Event as Person;
use kernel::PersonId;
use projections::Event;
use serde::Serialize;

use super::{ContactLine, PersonPage};
use crate::letters::HeldLetter;
use crate::{Desk, Failure, Progress};

/// Everything that is held about a person.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub person: PersonId,
    pub made_on: NaiveDate,
    /// `None`: they were forgotten, and nothing of who they are is left.
    pub details: Option<Details>,
    pub forgotten_on: Option<NaiveDate>,
    /// What was known of them at any time, oldest first; the last is what is known now.
    pub known_over_time: Vec<Earlier>,
    pub roles: Vec<ContactLine>,
    /// Every event about them, with who entered it.
    pub events: Vec<HeldEvent>,
    /// The letters they had, as they went.
    pub letters: Vec<HeldLetter>,
}

/// What was known of a person from an event on.
#[derive(Clone, Debug, Serialize)]
pub struct Earlier {
    pub position: u64,
    pub recorded_at: DateTime<Utc>,
    pub entered_by: String,
    pub details: Details,
}

#[derive(Clone, Debug, Serialize)]
pub struct HeldEvent {
    pub position: u64,
    #[serde(rename = "type")]
    pub event_type: String,
    pub recorded_at: DateTime<Utc>,
    pub day: NaiveDate,
    pub entered_by: String,
    /// What happened, as a school's history tells it.
    pub told: String,
}

impl Desk {
    /// Everything that is held about a person.  The journal is read through: no index says where a person stands.
    ///
    /// # Errors
    /// There is no such contact; the journal cannot be read.
    pub fn held_about(&self, person: PersonId, progress: Progress<'_>) -> Result<Held, Failure> {
        let PersonPage { details, forgotten_on, roles, .. } = self.person(person)?;
        let mut held = Held {
            person,
            made_on: self.today(),
            details,
            forgotten_on,
            known_over_time: vec![],
            roles,
            events: vec![],
            letters: self.letters_of(person)?,
        };
        let stream = format!("contacts.person.{person}");
        let head = self.journal.head()?;
        let mut failure = None;
        self.journal.for_each(0, head, |entry| {
            if entry.position.is_multiple_of(10_000) {
                progress("reading the journal", entry.position, head);
            }
            if entry.stream != stream {
                return ControlFlow::Continue(());
            }
            let position = entry.position;
            let event = match Event::decode(entry.stream, entry.payload) {
                Ok(Some(event)) => event,
                Ok(None) => return ControlFlow::Continue(()),
                Err(source) => {
                    failure = Some(Failure::NotUnderstood { position, source });
                    return ControlFlow::Break(());
                }
            };
            held.events.push(HeldEvent {
                position,
                event_type: entry.event_type.to_owned(),
                recorded_at: entry.recorded_at,
                day: entry.effective_on,
                entered_by: entry.actor.to_owned(),
                told: event.sentence(),
            });
            if let Event::Person(
                _,
                Person::ContactAdded { details: sealed, .. }
                | Person::ContactCorrected { details: sealed, .. },
            ) = &event
            {
                match self.details(sealed) {
                    Ok(Some(details)) => held.known_over_time.push(Earlier {
                        position,
                        recorded_at: entry.recorded_at,
                        entered_by: entry.actor.to_owned(),
                        details,
                    }),
                    Ok(None) => {}
                    Err(found) => {
                        failure = Some(found);
                        return ControlFlow::Break(());
                    }
                }
            }
            ControlFlow::Continue(())
        })?;
        failure.map_or(Ok(held), Err)
    }
}
