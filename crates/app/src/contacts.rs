//! Contacts: who the office deals with at a school, opened when they are shown and never kept open (R39).

use chrono::NaiveDate;
use contacts::{Details, Role};
use kernel::{PersonId, Sealed, Urn};
use projections::contacts::{Row, holder};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::{Desk, Failure};

mod entering;
mod forgetting;
mod held;
mod importing;
mod known;
mod list;
#[cfg(test)]
mod tests;
mod unsealed;

pub use entering::{Added, Follows, Newcomer};
pub use forgetting::Forgotten;
pub use held::{Earlier, Held, HeldEvent};
pub use importing::ContactsImported;
pub use list::{ContactLine, ContactsAsked, PersonPage, When};
pub use unsealed::{Unsealed, UnsealedText};

/// What is sealed in the events of a person.
const DETAILS: &str = "contact details";

/// A person in a role at a school.
#[derive(Clone, Debug, Serialize)]
pub struct Contact {
    pub person: PersonId,
    pub urn: Urn,
    pub role: Role,
    pub from: NaiveDate,
    pub until: Option<NaiveDate>,
    /// `None`: they were forgotten, or their key is missing.
    pub details: Option<Details>,
    pub forgotten_on: Option<NaiveDate>,
    /// They were not forgotten, and their key is not there: the file of keys must be restored.
    pub key_missing: bool,
}

impl Contact {
    fn of(row: &Row, details: Option<Details>) -> Self {
        Self {
            person: row.person,
            urn: row.urn,
            role: row.role,
            from: row.held_from,
            until: row.held_until,
            details,
            forgotten_on: row.forgotten_on,
            key_missing: false,
        }
    }
}

impl Desk {
    /// Who has a role at a school on a day.  Where they were forgotten, they are told without details; whom to turn to
    /// instead is the caller's choice.
    ///
    /// # Errors
    /// The read models or the keys cannot be read; a key is missing.
    pub fn contact_of(
        &self,
        urn: Urn,
        role: Role,
        on: NaiveDate,
    ) -> Result<Option<Contact>, Failure> {
        let rows = self.read.contacts_of(urn)?;
        holder(&rows, role, on).map(|row| self.opened(row)).transpose()
    }

    /// A row as people see it.
    pub(crate) fn opened(&self, row: &Row) -> Result<Contact, Failure> {
        let details = row.sealed.as_ref().map(|sealed| self.details(sealed)).transpose()?;
        Ok(Contact::of(row, details.flatten()))
    }

    /// A row as people see it, also where the key is missing: one that is must not hide all others.
    pub(crate) fn opened_if_it_can_be(&self, row: &Row) -> Result<Contact, Failure> {
        match self.opened(row) {
            Err(Failure::KeyMissing { .. }) => {
                Ok(Contact { key_missing: true, ..Contact::of(row, None) })
            }
            opened => opened,
        }
    }

    /// What is sealed of a person.  `None`: they were forgotten.
    pub(crate) fn details(&self, sealed: &Sealed) -> Result<Option<Details>, Failure> {
        let Some(plain) = self.keys.open(sealed, DETAILS)? else { return Ok(None) };
        // Without the cause, which would repeat what stands there.
        let details = serde_json::from_slice(&plain);
        details.map(Some).map_err(|_| self.keys.not_opened(sealed.person))
    }
}

impl Desk {
    /// Seals what is known of a person; they must have a key.
    pub(crate) fn sealed(&self, person: PersonId, details: &Details) -> Result<Sealed, Failure> {
        let plain = Zeroizing::new(serde_json::to_vec(details).map_err(Failure::Unwritable)?);
        self.keys.seal(person, DETAILS, &plain)
    }
}

fn no_such(text: &str) -> Failure {
    Failure::Refused(format!("there is no contact `{text}`: `ledge contact list --ever` has all"))
}
