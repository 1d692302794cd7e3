//! Looking for people: every seal is opened on the way, so that no index of names lies anywhere.

use chrono::NaiveDate;
use contacts::{Details, Role};
use kernel::{PersonId, Urn};
use serde::Serialize;

use super::Contact;
use crate::{Desk, Failure};

/// Letters of an id's end by which a person may be named, at least.
const SHORTEST_END: usize = 6;

/// Which contacts are asked for.
#[derive(Clone, Debug)]
pub struct ContactsAsked {
    /// Part of a name or an address, small or large letters alike.
    pub text: Option<String>,
    pub urn: Option<Urn>,
    pub role: Option<Role>,
    pub when: When,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum When {
    /// Who has a role on a day.
    On(NaiveDate),
    /// Whoever has, had or will have one.
    Ever,
}

/// A person in a role, with the school's name.
#[derive(Clone, Debug, Serialize)]
pub struct ContactLine {
    pub school: Option<String>,
    #[serde(flatten)]
    pub contact: Contact,
}

/// One person, and every role they have or had.
#[derive(Clone, Debug, Serialize)]
pub struct PersonPage {
    pub person: PersonId,
    /// `None`: they were forgotten.
    pub details: Option<Details>,
    pub forgotten_on: Option<NaiveDate>,
    pub roles: Vec<ContactLine>,
}

impl Desk {
    /// The contacts asked for, by the school's name and then by role.
    ///
    /// # Errors
    /// The read models or the keys cannot be read; a key is missing.
    pub fn contacts(&self, asked: &ContactsAsked) -> Result<Vec<ContactLine>, Failure> {
        let rows = match asked.urn {
            Some(urn) => self.read.contacts_of(urn)?,
            None => self.read.contacts()?,
        };
        let sought = asked.text.as_deref().map(str::to_lowercase);
        let mut lines = vec![];
        for row in rows {
            let is_asked = asked.role.is_none_or(|role| role == row.role)
                && match asked.when {
                    When::On(day) => row.is_held_on(day),
                    When::Ever => true,
                };
            if !is_asked {
                continue;
            }
            let contact = self.opened_if_it_can_be(&row)?;
            if sought.as_ref().is_none_or(|sought| is_found(&contact, sought)) {
                lines.push(self.line(contact)?);
            }
        }
        lines.sort_by(|one, other| {
            let by = |line: &ContactLine| {
                (line.school.clone(), line.contact.urn, line.contact.role, line.contact.from)
            };
            by(one).cmp(&by(other))
        });
        Ok(lines)
    }

    /// One person with every role.
    ///
    /// # Errors
    /// There is no such contact.
    pub fn person(&self, person: PersonId) -> Result<PersonPage, Failure> {
        let rows = self.read.roles_of(person)?;
        let roles = rows
            .iter()
            .map(|row| self.line(self.opened(row)?))
            .collect::<Result<Vec<ContactLine>, Failure>>()?;
        let Some(ContactLine { contact: first, .. }) = roles.first() else {
            return Err(super::no_such(&person.to_string()));
        };
        let (details, forgotten_on) = (first.details.clone(), first.forgotten_on);
        Ok(PersonPage { person, details, forgotten_on, roles })
    }

    /// Whom a whole id names, or the end of one that no other has.
    ///
    /// # Errors
    /// There is no such contact, or more than one.
    pub fn person_named(&self, text: &str) -> Result<PersonId, Failure> {
        let text = text.trim().to_ascii_lowercase();
        let mut found: Vec<PersonId> = vec![];
        for row in self.read.contacts()? {
            let id = row.person.to_string();
            let is_meant = id == text || text.len() >= SHORTEST_END && id.ends_with(&text);
            if is_meant && !found.contains(&row.person) {
                found.push(row.person);
            }
        }
        match found[..] {
            [person] => Ok(person),
            [] => Err(super::no_such(&text)),
            _ => Err(Failure::Refused(format!(
                "`{text}` is how the ids of several contacts end: give more of it"
            ))),
        }
    }

    fn line(&self, contact: Contact) -> Result<ContactLine, Failure> {
        let school = self.read.school(contact.urn)?.and_then(|row| row.name);
        Ok(ContactLine { school, contact })
    }
}

fn is_found(contact: &Contact, sought: &str) -> bool {
    contact.details.as_ref().is_some_and(|details| {
        details.name.to_lowercase().contains(sought)
            || details.email.to_ascii_lowercase().contains(sought)
    })
}
